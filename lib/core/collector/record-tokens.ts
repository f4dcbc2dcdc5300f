import type { Instruments } from './instruments.js';
import { requireTokenCount, type TokenCounts } from './recorded-values.js';

/** The total of each token count, and its distribution per request. */
const metrics = [
  ['inputTokens', 'inputTokens', 'requestInputTokens'],
  ['outputTokens', 'outputTokens', 'requestOutputTokens'],
  ['cachedInputTokens', 'cachedInputTokens', undefined],
  ['cacheWriteTokens', 'cacheWriteTokens', undefined],
  ['reasoningTokens', 'reasoningTokens', undefined],
] as const;

/**
 * Counts the tokens of one request. Ignores unknown counts.
 *
 * @throws {InvalidValueError} if a count is not a number from 0 to 2^53 - 1. Nothing is then counted.
 */
export function recordTokens(
  instruments: Instruments,
  { model, graph }: { readonly model: string; readonly graph: string },
  counts: TokenCounts,
): void {
  const known = metrics.flatMap(([name, total, distribution]) => {
    const count = counts[name];
    return count === undefined ? [] : [{ count, total: instruments[total], distribution }];
  });
  for (const { count, total } of known) requireTokenCount(total.name, count);
  for (const { count, total, distribution } of known) {
    total.series(model, graph).inc(count);
    if (distribution !== undefined) instruments[distribution].series(model, graph).observe(count);
  }
}
