import { checkOptionTypes, type OptionTypes } from '../errors/check-option-types.js';
import { MetricsConfigurationError } from '../errors/errors.js';
import { type SharedRegistry, registry as sharedRegistry } from '../metrics/shared-registry.js';
import { renderPush } from '../server/render.js';
import { type PushPathOptions, pushPath } from './push-path.js';
import { PushTarget } from './push-target.js';

/** Options of {@link pushMetrics}. */
export interface PushOptions extends Partial<PushPathOptions> {
  /** The URL of a Pushgateway or a hub, without `/metrics`. It can contain a user and a password. */
  readonly url: string;
  /** PUT replaces all metrics of the group. POST replaces metrics with the same names. Default PUT. */
  readonly method?: 'PUT' | 'POST';
  /**
   * Whether this is the last push of the process.
   *
   * A hub then keeps the counts and removes the gauges. Default false.
   */
  readonly final?: boolean;
  /** The registry to push; default the shared registry. */
  readonly registry?: SharedRegistry;
  /** Aborts the push, which then rejects. */
  readonly signal?: AbortSignal;
  /** Timeout for each response, in milliseconds; default 10,000. */
  readonly timeoutMilliseconds?: number;
}

const optionTypes = {
  url: 'string',
  job: 'string',
  groupings: 'object',
  method: 'string',
  final: 'boolean',
  registry: 'object',
  signal: 'object',
  timeoutMilliseconds: 'number',
} as const satisfies OptionTypes & Record<keyof PushOptions, unknown>;

/** The response header that distinguishes a hub from a Pushgateway. */
export const HUB_HEADER = 'TinyLLM-Hub';

const TIMEOUT_MILLISECONDS = 10_000;
/** The longest time of a timer in Node. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;

/**
 * Pushes metrics to a Pushgateway or a hub.
 *
 * If a metric has native histograms, the push is protobuf, which contains them. Otherwise, it is text 0.0.4. A hub and
 * a Pushgateway accept both.
 *
 * The group consists of `job` (default `tinyllm`) and `groupings`. With PUT, a push replaces all earlier pushes to the
 * same group. Source: https://github.com/prometheus/pushgateway#api
 *
 * @throws {MetricsDeliveryError} if the URL, the job or a grouping label is invalid, there is no response, the push is
 *   aborted, or the push is rejected.
 * @throws {MetricsConfigurationError} if the URL is missing, `method` or `timeoutMilliseconds` is invalid, or an option
 *   is unknown or has the wrong type.
 */
export async function pushMetrics(options: PushOptions): Promise<void> {
  checkOptions(options);
  const { url, job = 'tinyllm', groupings = {}, method = 'PUT', final = false, registry = sharedRegistry } = options;
  const { signal, timeoutMilliseconds = TIMEOUT_MILLISECONDS } = options;
  const target = new PushTarget({ url, timeoutMilliseconds, ...(signal && { signal }) });
  const path = pushPath({ job, groupings });
  const { body, contentType } = await renderPush(registry);
  const headers = { 'Content-Type': contentType };
  const pushed = await target.send(path, { method, headers, body });
  if (!pushed.ok) throw await target.refusal(pushed);
  await ignoreBody(pushed);
  // On a Pushgateway, DELETE would remove the pushed metrics.
  if (!final || !pushed.headers.has(HUB_HEADER)) return;
  const ended = await target.send(path, { method: 'DELETE' });
  if (!ended.ok) throw await target.refusal(ended);
  await ignoreBody(ended);
}

function checkOptions(options: PushOptions): void {
  checkOptionTypes('pushMetrics', options, optionTypes);
  const { url, method = 'PUT', timeoutMilliseconds = TIMEOUT_MILLISECONDS } = options;
  const refuse = (option: string, got: string, expected: string): never => {
    throw new MetricsConfigurationError(`pushMetrics got ${got} for the option "${option}"; expected ${expected}.`);
  };
  if (url === undefined) refuse('url', 'nothing', 'a URL such as http://127.0.0.1:9091');
  if (method !== 'PUT' && method !== 'POST') refuse('method', JSON.stringify(method), 'PUT or POST');
  if (!(timeoutMilliseconds >= 1 && timeoutMilliseconds <= LONGEST_MILLISECONDS)) {
    refuse('timeoutMilliseconds', String(timeoutMilliseconds), `a number from 1 to ${LONGEST_MILLISECONDS}`);
  }
}

/** Cancels the body, because an unread body would keep the connection open. */
async function ignoreBody({ body }: Response): Promise<void> {
  await body?.cancel().catch(() => undefined);
}

/**
 * Whether a URL is that of a running hub. False for a Pushgateway and if there is no response.
 *
 * @throws {MetricsDeliveryError} if the URL is invalid.
 */
export async function isHub({ url, signal }: Pick<PushOptions, 'url' | 'signal'>): Promise<boolean> {
  const target = new PushTarget({ url, timeoutMilliseconds: 2_000, ...(signal && { signal }) });
  const response = await target.send(pushPath({ job: 'tinyllm' }), { method: 'HEAD' }).catch(() => undefined);
  return response?.headers.has(HUB_HEADER) ?? false;
}
