/** Tokens of one request. An unknown count is undefined. */
export interface TokenUsage {
  /** All input tokens, including cached tokens, read or written. */
  readonly inputTokens?: number | undefined;
  /** All output tokens, including reasoning tokens. */
  readonly outputTokens?: number | undefined;
  /** Input tokens that the provider read from its prompt cache; part of `inputTokens`. */
  readonly cachedInputTokens?: number | undefined;
  /** Input tokens that the provider wrote to its prompt cache; part of `inputTokens`. */
  readonly cacheWriteTokens?: number | undefined;
  /** Output tokens of the model's reasoning; part of `outputTokens`. */
  readonly reasoningTokens?: number | undefined;
}

/** The names of the counts, in the order of {@link usageOf}. */
export const tokenCounts = [
  'inputTokens',
  'outputTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'reasoningTokens',
] as const satisfies readonly (keyof TokenUsage)[];

/** Creates the usage with these counts. Returns undefined if neither the input nor the output is known. */
export function usageOf(
  inputTokens: number | undefined,
  outputTokens: number | undefined,
  cachedInputTokens?: number | undefined,
  cacheWriteTokens?: number | undefined,
  reasoningTokens?: number | undefined,
): TokenUsage | undefined {
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  return { inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens, reasoningTokens };
}

/** Adds numbers that may be unknown. The sum is unknown only if all of them are. */
export function sumOf(...counts: readonly (number | undefined)[]): number | undefined {
  let sum: number | undefined;
  for (const count of counts) if (count !== undefined) sum = (sum ?? 0) + count;
  return sum;
}

/** Adds the counts of two parts of a response. */
export function addUsage(before: TokenUsage | undefined, next: TokenUsage): TokenUsage {
  return combine(before, next, (one, other) => one + other);
}

/** Combines two running totals. The larger count is used, because some servers end a stream with zeros. */
export function maxUsage(before: TokenUsage | undefined, later: TokenUsage): TokenUsage {
  return combine(before, later, Math.max);
}

function combine(
  before: TokenUsage | undefined,
  later: TokenUsage,
  both: (one: number, other: number) => number,
): TokenUsage {
  if (before === undefined) return later;
  const count = (name: keyof TokenUsage): number | undefined => {
    const one = before[name];
    const other = later[name];
    return one === undefined || other === undefined ? (one ?? other) : both(one, other);
  };
  return {
    inputTokens: count('inputTokens'),
    outputTokens: count('outputTokens'),
    cachedInputTokens: count('cachedInputTokens'),
    cacheWriteTokens: count('cacheWriteTokens'),
    reasoningTokens: count('reasoningTokens'),
  };
}
