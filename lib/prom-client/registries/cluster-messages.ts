import type { Cluster } from 'node:cluster';
import type { CollectedMetric } from './aggregators.js';
import { register } from './default-registry.js';
import type { AnyRegistry } from './registry.js';

// prom-client's message types, so that a worker with prom-client can report to a primary with this package.
const REQUEST = 'prom-client:getMetricsReq';
const RESPONSE = 'prom-client:getMetricsRes';

/** The time in which all workers have to respond, in milliseconds. */
const DEADLINE = 5_000;

/** The metrics of one registry, as `getMetricsAsJSON` returns them. */
export type CollectedRegistry = readonly CollectedMetric[];

interface RequestMessage {
  readonly type: typeof REQUEST;
  readonly requestId: number;
}

interface ResponseMessage {
  readonly type: typeof RESPONSE;
  readonly requestId: number;
  readonly metrics?: readonly CollectedRegistry[];
  readonly error?: string;
}

/** A request for the metrics of all workers that is not complete yet. */
interface PendingRequest {
  readonly received: CollectedRegistry[];
  missing: number;
  settle(error?: Error): void;
}

const pending = new Map<number, PendingRequest>();
let lastId = -1;
let isListening = false;
let reported: readonly AnyRegistry[] = [register];

/** Sets the registries whose metrics this worker reports. */
export function setReportedRegistries(registries: readonly AnyRegistry[]): void {
  reported = registries;
}

/** Starts to handle the messages of this package. Repeated calls have no extra effect. */
export function handleClusterMessages(): void {
  if (isListening) return;
  isListening = true;
  const cluster = nodeCluster();
  if (cluster.isPrimary) cluster.on('message', (_worker, message: unknown) => receive(message));
  if (cluster.isWorker) process.on('message', (message) => void respond(message));
}

/**
 * Requests the metrics of all connected workers. Returns undefined if there are none.
 *
 * @throws {Error} if a worker fails, or if one doesn't respond in time.
 */
export async function requestWorkerMetrics(): Promise<readonly CollectedRegistry[] | undefined> {
  const workers = Object.values(nodeCluster().workers ?? {}).filter((worker) => worker?.isConnected());
  if (workers.length === 0) return undefined;
  const requestId = ++lastId;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => request.settle(new Error('Operation timed out.')), DEADLINE);
    const request: PendingRequest = {
      received: [],
      missing: workers.length,
      settle(error) {
        pending.delete(requestId);
        clearTimeout(timer);
        if (error === undefined) resolve(request.received);
        else reject(error);
      },
    };
    pending.set(requestId, request);
    for (const worker of workers) worker?.send({ type: REQUEST, requestId } satisfies RequestMessage);
  });
}

/** Receives the response of a worker. Ignores responses to requests that are complete or failed. */
function receive(message: unknown): void {
  const response = message as Partial<ResponseMessage> | null | undefined;
  if (response?.type !== RESPONSE) return;
  const request = pending.get(response.requestId as number);
  if (request === undefined) return;
  request.received.push(...(response.metrics ?? []));
  request.missing--;
  if (response.error) request.settle(new Error(response.error));
  else if (request.missing === 0) request.settle();
}

async function respond(message: unknown): Promise<void> {
  const { type, requestId } = Object(message) as RequestMessage;
  if (type !== REQUEST) return;
  const about = { type: RESPONSE, requestId } as const;
  try {
    send({ ...about, metrics: (await Promise.all(reported.map((one) => one.getMetricsAsJSON()))) as never });
  } catch (error) {
    send({ ...about, error: error instanceof Error ? error.message : String(error) });
  }
}

function send(response: ResponseMessage): void {
  // Without a callback, an error event would end the process if the primary has disconnected.
  if (process.connected) process.send?.(response, undefined, undefined, () => {});
}

/** Loads Node's cluster module when it is first needed: some application servers fail if it is loaded. */
function nodeCluster(): Cluster {
  // The declared type is that of an import with `default`, but the function returns the module itself.
  return process.getBuiltinModule('node:cluster') as unknown as Cluster;
}
