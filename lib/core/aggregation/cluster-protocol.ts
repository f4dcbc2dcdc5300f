import type { Descriptor } from '../metrics/descriptor.js';
import type { NativeHistogram } from '../metrics/native/native-histogram.js';

/** Timeout for the replies of the cluster workers before a scrape. */
export const CLUSTER_DEADLINE_MILLISECONDS = 300;

/** Added to the ID of a worker to get its number among the threads. The numbers of threads are always lower. */
const CLUSTER_SEGMENTS = 1e9;

/** The number under which the segments of a worker are stored, like the number of a thread. */
export function clusterSegment(worker: number): number {
  return CLUSTER_SEGMENTS + worker;
}

/** Whether segments with this number belong to a cluster worker. */
export function isClusterSegment(segment: number): boolean {
  return segment >= CLUSTER_SEGMENTS;
}

/** Series of one metric in a message. NaN and infinite cells are strings, because JSON cannot represent them. */
export interface ReportedFamily {
  readonly descriptor: Descriptor;
  readonly series: readonly {
    readonly labelValues: readonly string[];
    readonly createdSeconds: number;
    readonly cells: readonly (number | string)[];
    readonly native?: NativeHistogram | undefined;
  }[];
  /** The label values of removed series. `series` can contain new series with the same values. */
  readonly removed?: readonly (readonly string[])[];
}

/** The primary requests the changed series of a worker, or all series. */
export interface ToClusterWorker {
  readonly tinyllm: 'collect';
  /** The ID of the request. */
  readonly question: number;
  readonly all: boolean;
}

/** A message from a worker to the primary. */
export type FromClusterWorker =
  /** The worker has loaded the package and has not reported values yet. */
  | { readonly tinyllm: 'ready' }
  /** Changed series. `question` is the ID of the request, if there was one. */
  | { readonly tinyllm: 'snapshot'; readonly question?: number; readonly families: readonly ReportedFamily[] };

/** Whether a message is a request of the primary. Other messages belong to the application. */
export function isCollectRequest(message: unknown): message is ToClusterWorker {
  return messageType(message) === 'collect';
}

/** Whether a message is one of a worker's reports. Other messages belong to the application. */
export function isWorkerMessage(message: unknown): message is FromClusterWorker {
  const type = messageType(message);
  return type === 'ready' || (type === 'snapshot' && Array.isArray((message as { families?: unknown }).families));
}

function messageType(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'tinyllm' in message ? message.tinyllm : undefined;
}
