import { checkOptionTypes, type OptionTypes } from '../errors/check-option-types.js';
import { MetricsConfigurationError } from '../errors/errors.js';
import { TEXT_CONTENT_TYPE } from '../formats/text.js';
import { type SharedRegistry, registry as sharedRegistry } from '../metrics/shared-registry.js';
import { renderText } from '../server/render.js';
import { type PushPathOptions, pushPath } from './push-path.js';
import { PushTarget } from './push-target.js';

/** What to push, and where to. */
export interface PushOptions extends Partial<PushPathOptions> {
  /** A Pushgateway or a hub, with a path before `/metrics` if it has one; a user and a password in it are used. */
  readonly url: string;
  /** PUT replaces everything in the group, POST the metrics of the same names; default PUT. */
  readonly method?: 'PUT' | 'POST';
  /** Whether the process ends after this: a hub then keeps the counts and drops the gauges; default not. */
  readonly final?: boolean;
  /** What to push; default the shared registry. */
  readonly registry?: SharedRegistry;
  /** Ends the push early, which then throws. */
  readonly signal?: AbortSignal;
  /** How long the other side may take for each answer; default 10 s. */
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

/** The response header by which a pusher distinguishes a hub from a Pushgateway. */
export const HUB_HEADER = 'TinyLLM-Hub';

const TIMEOUT_MILLISECONDS = 10_000;
/** The longest time of a timer in Node. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;

/**
 * Pushes metrics to a Pushgateway or a hub.
 *
 * The group is `job` (default `tinyllm`) and `groupings`; whoever pushes to the same group takes the other's place.
 * Source: https://github.com/prometheus/pushgateway#api
 *
 * @throws {MetricsDeliveryError} when the URL is none, nobody answers, or the push is refused.
 * @throws {MetricsConfigurationError} if an option is unknown or invalid.
 */
export async function pushMetrics(options: PushOptions): Promise<void> {
  checkOptions(options);
  const { url, job = 'tinyllm', groupings = {}, method = 'PUT', final = false, registry = sharedRegistry } = options;
  const { signal, timeoutMilliseconds = TIMEOUT_MILLISECONDS } = options;
  const target = new PushTarget({ url, timeoutMilliseconds, ...(signal && { signal }) });
  const path = pushPath({ job, groupings });
  const body = await renderText(registry);
  const headers = { 'Content-Type': TEXT_CONTENT_TYPE };
  const pushed = await target.send(path, { method, headers, body });
  if (!pushed.ok) throw await target.refusal(pushed);
  await ignoreBody(pushed);
  // Told to a Pushgateway this would take away what was just pushed.
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

/** Closes the connection if the body is not complete; otherwise an unread body keeps it open. */
async function ignoreBody({ body }: Response): Promise<void> {
  await body?.cancel().catch(() => undefined);
}

/**
 * Whether a hub answers at a URL; false for anything else, a Pushgateway as well as nobody.
 *
 * @throws {MetricsDeliveryError} when the URL is none.
 */
export async function isHub({ url, signal }: Pick<PushOptions, 'url' | 'signal'>): Promise<boolean> {
  const target = new PushTarget({ url, timeoutMilliseconds: 2_000, ...(signal && { signal }) });
  const answer = await target.send(pushPath({ job: 'tinyllm' }), { method: 'HEAD' }).catch(() => undefined);
  return answer?.headers.has(HUB_HEADER) ?? false;
}
