import type { TopUrl } from '../top/top-url.js';

/** The largest response, in characters. Servers return at most 100 problems of 1,000 characters. */
const LIMIT = 500_000;

/**
 * Reads the mistakes of the application that a metrics server reports at `/-/problems`. Returns none if the server has
 * no such path or does not respond.
 */
export async function readProblems({ url, authorization }: TopUrl, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const headers = authorization === undefined ? {} : { Authorization: authorization };
    const response = await fetch(new URL('/-/problems', url), { headers, signal });
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    if (!response.ok || !isJson) return [];
    const text = await response.text();
    const { problems } = JSON.parse(text.slice(0, LIMIT)) as { readonly problems?: unknown };
    return Array.isArray(problems) ? problems.filter((problem) => typeof problem === 'string') : [];
  } catch {
    return [];
  }
}
