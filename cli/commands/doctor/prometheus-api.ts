import { readText } from 'tinyllm/recording';
import type { TopUrl } from '../top/top-url.js';

const timeoutMilliseconds = 5000;
/** A target needs about 1 KiB. */
const limits = { bytes: 64 * 1024 ** 2 };

/** The URL of a Prometheus without credentials, query and final slash. */
export function prometheusBase({ url }: TopUrl): string {
  const { origin, pathname } = new URL(url);
  // `readTopUrl` adds `/metrics` to a URL without a path.
  return origin + pathname.replace(/\/(?:metrics)?$/, '');
}

/**
 * Sends a GET request to the API of a Prometheus. Resolves to the parsed JSON, or to undefined for other responses.
 *
 * Rejects if Prometheus doesn't respond with the status 200 in time.
 *
 * @param path The path after `/api/v1/`.
 * @param query The query without a question mark. The query of the URL is sent before it.
 */
export async function askPrometheus(prometheus: TopUrl, path: string, query: string): Promise<unknown> {
  const { authorization } = prometheus;
  const { search } = new URL(prometheus.url);
  const all = search === '' ? `?${query}` : `${search}&${query}`;
  const response = await fetch(`${prometheusBase(prometheus)}/api/v1/${path}${all}`, {
    headers: { Connection: 'close', ...(authorization === undefined ? {} : { Authorization: authorization }) },
    signal: AbortSignal.timeout(timeoutMilliseconds),
  });
  if (!response.ok) throw new Error(`it responds with status ${response.status}`);
  const text = await readText(
    response,
    limits,
    () => new Error(`it responds with more than ${limits.bytes / 1024 ** 2} MiB`),
  );
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
