import { readText } from 'tinyllm/recording';
import type { TopUrl } from '../top/top-url.js';

/** Limits of a response. Servers return at most 100 problems of 1,000 characters. */
const limits = { bytes: 2 ** 20 };
const maxProblems = 100;

/**
 * Reads the mistakes of the application that a metrics server reports at `-/problems`, next to its metrics. Returns none
 * if the server has no such path, does not respond, or sends more than 1 MiB. Returns at most 100.
 */
export async function readProblems({ url, authorization }: TopUrl, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const headers = authorization === undefined ? {} : { Authorization: authorization };
    const response = await fetch(new URL('./-/problems', url), { headers, signal });
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    if (!response.ok || !isJson) {
      await response.body?.cancel();
      return [];
    }
    const text = await readText(response, limits, () => new Error('The response is too long.'));
    const { problems } = JSON.parse(text) as { readonly problems?: unknown };
    if (!Array.isArray(problems)) return [];
    return problems.filter((problem) => typeof problem === 'string').slice(0, maxProblems);
  } catch {
    return [];
  }
}
