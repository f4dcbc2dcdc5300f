import * as promClient from 'prom-client';
import { allocatedBytes } from './allocation.js';
import { addedCosts } from './interleave.js';
import type { Summary } from './statistics.js';
import { bareCall, bareGenerate, bareStream, floorCall, floorStream } from './subjects/bare.js';
import { openTelemetry } from './subjects/open-telemetry.js';
import { handWritten } from './subjects/prometheus-clients.js';
import type { Subject } from './subjects/subject.js';
import { nodeComputed, nodeFixed, request, requestStream, requestWithUsage } from './subjects/tinyllm.js';

/** Nanoseconds by subject: the time of a bare call, and the time that each other subject adds. */
export interface CallCosts {
  readonly calls: Readonly<Record<string, Summary>>;
  readonly streams: Readonly<Record<string, Summary>>;
}

/** Bytes by subject: the allocation of a bare call, and the bytes that each other subject adds. */
export type Allocations = Readonly<Record<string, number>>;

/** The oldest major version of Node that `@prometheus-io/client` supports. */
const SUCCESSOR_NEEDS_NODE = 22;

const ours = [floorCall, nodeFixed, nodeComputed, request];
const byPromClient = handWritten('prom-client', promClient);

/** Measures the time that each kind of instrumentation adds to a call. */
export async function measureCallCosts(rounds: number): Promise<CallCosts> {
  const subjects = [bareCall, ...ours, ...(await others())];
  const answers = await addedCosts([bareGenerate, requestWithUsage], rounds);
  return {
    calls: {
      ...(await addedCosts(subjects, rounds)),
      [requestWithUsage.name]: answers[requestWithUsage.name]!,
    },
    streams: await addedCosts([bareStream, floorStream, requestStream, byPromClient.stream], rounds),
  };
}

/** Measures the bytes that each kind of instrumentation allocates in addition to a call. Needs `--expose-gc`. */
export async function measureAllocations(): Promise<Allocations> {
  const bare = await allocatedBytes(bareCall);
  const allocations: Record<string, number> = { bare };
  for (const subject of [...ours, requestWithUsage, ...(await others())]) {
    allocations[subject.name] = (await allocatedBytes(subject)) - bare;
  }
  return allocations;
}

async function others(): Promise<Subject[]> {
  const subjects = [byPromClient.fixed, byPromClient.computed, openTelemetry()];
  if (Number.parseInt(process.versions.node, 10) < SUCCESSOR_NEEDS_NODE) return subjects;
  const successor = await import('@prometheus-io/client');
  // The successor has the same classes as prom-client, but different types.
  return [...subjects, handWritten('prometheus-io', successor as never).fixed];
}
