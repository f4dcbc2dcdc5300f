import type { Fields } from './fields.js';
import type { FinishReason } from './finish-reason.js';
import type { TokenUsage } from './token-usage.js';

/** Durations that a provider measured, in seconds. A property is left out if the provider doesn't report it. */
export interface ProviderTimings {
  /** Time to bring the model into memory; left out if it was there. */
  readonly loadSeconds?: number | undefined;
  /** Ollama's `load_duration`, which is not zero for a model in memory either. */
  readonly reportedLoadSeconds?: number | undefined;
  /** Time to generate all output tokens. */
  readonly outputSeconds?: number | undefined;
  /** From the start of the request to the first output; only for whole responses whose client saw them arrive. */
  readonly firstTokenSeconds?: number | undefined;
}

/** What a whole response states. */
export interface ResponseReading {
  readonly usage?: TokenUsage | undefined;
  readonly timings?: ProviderTimings | undefined;
  readonly finishReason?: FinishReason | undefined;
  /** The `error_type` of the error that the response states. */
  readonly errorType?: string | undefined;
  /** Whether token counts are missing because no reader understands the response or its usage. */
  readonly isUnread?: boolean | undefined;
}

/**
 * Reads the responses of one provider's API: whole responses and the chunks of streamed responses.
 *
 * A reader has no state and never changes what it reads. `StreamedResponse` combines the chunks of a stream.
 */
export interface ResponseReader {
  /** The tokens that the response or chunk states. */
  usage(response: Fields): TokenUsage | undefined;
  /** Whether a chunk's counts must be added to those of earlier chunks. Default: they are running totals. */
  isIncrement?(chunk: Fields): boolean;
  /** Why the response ended; undefined if it doesn't say so, or not yet. */
  finishReason(response: Fields): FinishReason | undefined;
  /** Whether a part of the response calls a tool. Some servers end such a response with `stop`. */
  callsTools(response: Fields): boolean;
  /** Whether a chunk contains output of the model: text, reasoning, a tool call or audio. */
  carriesOutput(chunk: Fields): boolean;
  /** Whether the response is complete with this chunk. Chunks with counts may follow. */
  isLast(chunk: Fields): boolean;
  /**
   * Visits the alternative answers ("choices") in a chunk, for APIs that generate several. The reason is undefined while a
   * choice is incomplete. The response is complete when every choice is; `isLast` is then about one of them.
   */
  choices?(chunk: Fields, visit: (index: number, finishReason: FinishReason | undefined) => void): void;
  /** The durations that the provider measured; undefined if it states none. */
  timings(response: Fields): ProviderTimings | undefined;
  /** The `error_type` of the error that the response or chunk states. */
  errorType(response: Fields): string | undefined;
  /** What was thrown, if the chunk contains the error itself; it then decides the `error_type`. */
  thrownError?(chunk: Fields): unknown;
}
