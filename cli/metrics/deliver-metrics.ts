import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type PushOptions, pushMetrics, writeMetricsFile } from 'tinyllm';
import { readPushUrl, TinyLLMError } from 'tinyllm/configuration';
import { checkMetricsFile, isHub } from 'tinyllm/server';
import type { CommandContext } from '../command/command-context.js';

/** Where to deliver the metrics of a command at its end. */
export interface DeliveryOptions {
  /** The URL of a Pushgateway or a hub. */
  readonly push?: string | undefined;
  /** A file for node_exporter's textfile collector. */
  readonly metricsFile?: string | undefined;
  /** The hub of `TINYLLM_HUB`. If a push to it fails, the error is printed and not thrown. */
  readonly hub?: string | undefined;
}

/** The timeout of a push after the signal was aborted. It is short, because the process exits soon. */
const shortTimeoutMilliseconds = 1500;

/**
 * Checks the settings of a delivery before the command starts its work. Prints an error if the URL of the hub is
 * invalid.
 *
 * Throws a `MetricsDeliveryError` if the file cannot be written.
 */
export async function checkDelivery(
  { metricsFile, hub }: DeliveryOptions,
  { output }: Pick<CommandContext, 'output'>,
): Promise<void> {
  const read = hub === undefined ? undefined : readPushUrl(hub);
  if (read !== undefined && 'expected' in read) {
    const got = JSON.stringify(read.shown);
    output.failure(
      new TinyLLMError(`TINYLLM_HUB is ${got}; expected ${read.expected}. No metrics will be pushed to it.`),
    );
  }
  if (metricsFile !== undefined) await checkMetricsFile(metricsFile);
}

/**
 * Delivers the metrics of a command at its end, also after a failure. Skips a hub that {@link checkDelivery} reported.
 *
 * Throws a `MetricsDeliveryError` if the file cannot be written or a push fails. The other deliveries are still tried.
 */
export async function deliverMetrics(options: DeliveryOptions, { output, signal }: CommandContext): Promise<void> {
  const { push, metricsFile, hub } = options;
  const limits = signal.aborted ? { timeoutMilliseconds: shortTimeoutMilliseconds } : {};
  const failures: unknown[] = [];
  const attempt = (step: Promise<void>): Promise<void> => step.catch((error: unknown) => void failures.push(error));
  if (metricsFile !== undefined) await attempt(writeMetricsFile(metricsFile));
  if (push !== undefined) await attempt(pushTo(push, limits));
  if (hub !== undefined && 'base' in readPushUrl(hub) && !(push !== undefined && isSameTarget(hub, push))) {
    await pushToHub(hub, limits).catch((cause: Error) =>
      output.failure(new TinyLLMError(`TINYLLM_HUB: ${cause.message}`, { cause })),
    );
  }
  const last = failures.pop();
  for (const failure of failures) output.failure(failure);
  if (last !== undefined) throw last;
}

/** Whether two URLs have the same target and the same credentials. Their spelling may differ. */
function isSameTarget(one: string, other: string): boolean {
  const [left, right] = [readPushUrl(one), readPushUrl(other)];
  if (!('base' in left && 'base' in right)) return false;
  return left.base === right.base && left.authorization === right.authorization;
}

/**
 * Pushes to a hub or a Pushgateway.
 *
 * A hub sums the metrics of all runs, so each run gets its own `instance`. A Pushgateway stores the metrics of each
 * `instance` until somebody deletes them. So all runs of a machine share one `instance` there, and each push replaces
 * the metrics of the previous run.
 */
async function pushTo(url: string, limits: Partial<PushOptions>): Promise<void> {
  if (await isHub({ url })) await pushToHub(url, limits);
  else await pushMetrics({ url, groupings: { instance: hostname() }, ...limits });
}

async function pushToHub(url: string, limits: Partial<PushOptions>): Promise<void> {
  await pushMetrics({ url, groupings: { instance: `${hostname()}:${randomUUID()}` }, final: true, ...limits });
}
