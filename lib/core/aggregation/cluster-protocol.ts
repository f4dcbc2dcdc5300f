import type { Descriptor } from '../metrics/descriptor.js';

/** How long the workers of a cluster are waited for before a scrape. */
export const CLUSTER_DEADLINE_MILLISECONDS = 300;

/** A worker's segment has this number more than the worker; so many threads no process has. */
const CLUSTER_SEGMENTS = 1e9;

/** The number of the segment that holds what a cluster's worker has told. */
export function clusterSegment(worker: number): number {
  return CLUSTER_SEGMENTS + worker;
}

/** Whether a segment is of a cluster's worker. */
export function isClusterSegment(segment: number): boolean {
  return segment >= CLUSTER_SEGMENTS;
}

/** Series of one metric as they go from one process to another: JSON has no word for NaN and infinities. */
export interface ToldFamily {
  readonly descriptor: Descriptor;
  readonly series: readonly {
    readonly labelValues: readonly string[];
    readonly createdSeconds: number;
    readonly cells: readonly (number | string)[];
  }[];
}

/** What the primary asks of a worker: its series that have changed since it last told, or all of them. */
export interface ToClusterWorker {
  readonly tinyllm: 'collect';
  readonly question: number;
  readonly all: boolean;
}

/** What a worker tells the primary. */
export type FromClusterWorker =
  /** It has the package, and has told nothing so far. */
  | { readonly tinyllm: 'ready' }
  /** Series that have changed; `question` when they were asked for. */
  | { readonly tinyllm: 'snapshot'; readonly question?: number; readonly families: readonly ToldFamily[] };

/** Whether a message, which may be of the application, is a question of the primary. */
export function isQuestion(message: unknown): message is ToClusterWorker {
  return wordOf(message) === 'collect';
}

/** Whether a message, which may be of the application, is a worker's. */
export function isWorkersWord(message: unknown): message is FromClusterWorker {
  const word = wordOf(message);
  return word === 'ready' || (word === 'snapshot' && Array.isArray((message as { families?: unknown }).families));
}

function wordOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'tinyllm' in message ? message.tinyllm : undefined;
}
