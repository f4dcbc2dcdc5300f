import { InvalidValueError } from '../errors/errors.js';

/**
 * The tokens of one request. An unknown count is undefined.
 *
 * Input tokens include those read from the provider's prompt cache and those written to that cache. Output tokens
 * include reasoning tokens.
 */
export interface TokenCounts {
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  /** Input tokens that the provider read from its prompt cache. */
  readonly cachedInputTokens?: number | undefined;
  /** Input tokens that the provider wrote to its prompt cache. */
  readonly cacheWriteTokens?: number | undefined;
  /** Output tokens of the model's reasoning. */
  readonly reasoningTokens?: number | undefined;
}

/** What a provider reports about a model: whether it is in memory, and its size there. */
export interface ModelResidency {
  readonly model: string;
  readonly loaded: boolean;
  /** Memory in bytes, including video memory. Default: 0. */
  readonly memoryBytes?: number;
  /** Video memory in bytes. Default: 0. */
  readonly vramBytes?: number;
}

/** Checks that a token count is a number from 0 to 2^53 - 1. Throws an `InvalidValueError` otherwise. */
export function requireTokenCount(metric: string, value: number): void {
  if (!Number.isFinite(value) || !(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) {
    throw new InvalidValueError(metric, value, `a number from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
}

/** Checks that an amount is finite and not negative. Throws an `InvalidValueError` otherwise. */
export function requireNotNegative(metric: string, value: number): void {
  if (!Number.isFinite(value) || value < 0) {
    throw new InvalidValueError(metric, value, 'a finite number of 0 or more');
  }
}
