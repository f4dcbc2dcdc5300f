import * as promClient from 'prom-client';
import { allocatedBytes } from './allocation.js';
import { addedCosts } from './interleave.js';
import type { Summary } from './statistics.js';
import { bareCall, bareGenerate, bareStream, floorCall, floorStream } from './subjects/bare.js';
import { openTelemetry } from './subjects/open-telemetry.js';
import { handWritten } from './subjects/prometheus-clients.js';
import type { Subject } from './subjects/subject.js';
import { nodeComputed, nodeFixed, request, requestStream, requestWithUsage } from './subjects/tinyllm.js';

/** Nanoseconds by subject: what a bare call takes, and what each other adds to it. */
export interface CallCosts {
  readonly calls: Readonly<Record<string, Summary>>;
  readonly streams: Readonly<Record<string, Summary>>;
}

/** Bytes by subject: what a bare call allocates, and what each other adds to it. */
export type Allocations = Readonly<Record<string, number>>;

/** The oldest Node that `@prometheus-io/client` runs on. */
const SUCCESSOR_NEEDS_NODE = 22;

const ours = [floorCall, nodeFixed, nodeComputed, request];
const byPromClient = handWritten('prom-client', promClient);

/** Measures the time each way to instrument a method adds to a call of it. */
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

/** Measures the bytes each way to instrument a method adds to a call of it; needs `--expose-gc`. */
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
  // The successor has the classes of prom-client, though not its types.
  return [...subjects, handWritten('prometheus-io', successor as never).fixed];
}
