import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type PushOptions, pushMetrics, writeMetricsFile } from 'tinyllm';
import { readPushUrl, TinyLLMError } from 'tinyllm/configuration';
import { checkMetricsFile, isHub } from 'tinyllm/server';
import type { CommandContext } from '../command/command-context.js';

/** Where the metrics of a command that has ended go. */
export interface DeliveryOptions {
  /** A Pushgateway or a hub. */
  readonly push?: string | undefined;
  /** A file for node_exporter. */
  readonly metricsFile?: string | undefined;
  /** The hub of `TINYLLM_HUB`, which takes whatever runs; a failure to push there is told, and not thrown. */
  readonly hub?: string | undefined;
}

/** A command that was ended early has less time: the process does not wait for long. */
const hurriedMilliseconds = 1500;

/**
 * Looks whether a delivery has a chance, before the work whose metrics it would lose. A hub that is none is told, and not
 * thrown.
 *
 * Throws a `MetricsDeliveryError` when the file cannot be written.
 */
export async function checkDelivery(
  { metricsFile, hub }: DeliveryOptions,
  { output }: Pick<CommandContext, 'output'>,
): Promise<void> {
  const read = hub === undefined ? undefined : readPushUrl(hub);
  if (read !== undefined && 'expected' in read) {
    const got = JSON.stringify(read.shown);
    output.failure(new TinyLLMError(`TINYLLM_HUB is ${got}; expected ${read.expected}. No metrics are pushed there.`));
  }
  if (metricsFile !== undefined) await checkMetricsFile(metricsFile);
}

/**
 * Delivers the metrics of a command that has ended, well or not. A hub that {@link checkDelivery} told of is left out.
 *
 * Throws a `MetricsDeliveryError` when the file cannot be written or the push fails; the other is tried all the same.
 */
export async function deliverMetrics(options: DeliveryOptions, { output, signal }: CommandContext): Promise<void> {
  const { push, metricsFile, hub } = options;
  const limits = signal.aborted ? { timeoutMilliseconds: hurriedMilliseconds } : {};
  const failures: unknown[] = [];
  const attempt = (step: Promise<void>): Promise<void> => step.catch((error: unknown) => void failures.push(error));
  if (metricsFile !== undefined) await attempt(writeMetricsFile(metricsFile));
  if (push !== undefined) await attempt(pushAs(push, limits));
  if (hub !== undefined && 'base' in readPushUrl(hub) && !(push !== undefined && isSameTarget(hub, push))) {
    await pushToHub(hub, limits).catch((cause: Error) =>
      output.failure(new TinyLLMError(`TINYLLM_HUB: ${cause.message}`, { cause })),
    );
  }
  const last = failures.pop();
  for (const failure of failures) output.failure(failure);
  if (last !== undefined) throw last;
}

/** Whether two URLs lead to the same place for the same user, however they are written. */
function isSameTarget(one: string, other: string): boolean {
  const [left, right] = [readPushUrl(one), readPushUrl(other)];
  if (!('base' in left && 'base' in right)) return false;
  return left.base === right.base && left.authorization === right.authorization;
}

/**
 * A hub adds runs up, and each is a pusher of its own; a Pushgateway keeps what it gets for ever, so there the runs
 * of a machine take each other's place.
 */
async function pushAs(url: string, limits: Partial<PushOptions>): Promise<void> {
  if (await isHub({ url })) await pushToHub(url, limits);
  else await pushMetrics({ url, groupings: { instance: hostname() }, ...limits });
}

async function pushToHub(url: string, limits: Partial<PushOptions>): Promise<void> {
  await pushMetrics({ url, groupings: { instance: `${hostname()}:${randomUUID()}` }, final: true, ...limits });
}
