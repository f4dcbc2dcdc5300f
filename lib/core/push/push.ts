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

/** The response header by which a pusher distinguishes a hub from a Pushgateway. */
export const HUB_HEADER = 'TinyLLM-Hub';

const TIMEOUT_MILLISECONDS = 10_000;

/**
 * Pushes metrics to a Pushgateway or a hub.
 *
 * The group is `job` (default `tinyllm`) and `groupings`; whoever pushes to the same group takes the other's place.
 * Source: https://github.com/prometheus/pushgateway#api
 *
 * @throws {MetricsDeliveryError} when the URL is none, nobody answers, or the push is refused.
 */
export async function pushMetrics(options: PushOptions): Promise<void> {
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
