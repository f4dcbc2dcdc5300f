import { InvalidValueError } from '../errors/errors.js';

/** The tokens of one request; a number left out is not known. */
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

/** What a provider says of a model it holds in memory, or no longer holds. */
export interface ModelResidency {
  readonly model: string;
  readonly loaded: boolean;
  /** In bytes, video memory included; default 0. */
  readonly memoryBytes?: number;
  /** In bytes; default 0. */
  readonly vramBytes?: number;
}

/** Refuses what is no count of tokens: a number from 0 to 2^53 - 1. Throws an `InvalidValueError`. */
export function requireTokenCount(metric: string, value: number): void {
  if (!Number.isFinite(value) || !(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) {
    throw new InvalidValueError(metric, value, `a number from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
}

/** Refuses what is no amount. Throws an `InvalidValueError`. */
export function requireNotNegative(metric: string, value: number): void {
  if (!Number.isFinite(value) || value < 0) {
    throw new InvalidValueError(metric, value, 'a finite number of 0 or more');
  }
}
