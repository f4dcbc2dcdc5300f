import type { Fields } from './fields.js';
import type { FinishReason } from './finish-reason.js';
import type { TokenUsage } from './token-usage.js';

/** Durations that a provider measured, in seconds. A property is undefined if the provider doesn't report it. */
export interface ProviderTimings {
  /** Time to load the model into memory; undefined if it was already in memory. */
  readonly loadSeconds?: number | undefined;
  /** Ollama's `load_duration`. It is not zero even for a model in memory. */
  readonly reportedLoadSeconds?: number | undefined;
  /** Time to generate all output tokens. */
  readonly outputSeconds?: number | undefined;
  /**
   * Time from the start of the request to the first output. Only for whole responses that the client received in a
   * stream.
   */
  readonly firstTokenSeconds?: number | undefined;
}

/** The facts in a whole response. */
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
 * A reader has no state and never changes its input. `StreamedResponse` combines the chunks of a stream.
 */
export interface ResponseReader {
  /** The tokens that the response or chunk states. */
  usage(response: Fields): TokenUsage | undefined;
  /** Whether a chunk's counts must be added to those of earlier chunks. Default: they are running totals. */
  isIncrement?(chunk: Fields): boolean;
  /** Why the response ended; undefined if the response has not ended or gives no reason. */
  finishReason(response: Fields): FinishReason | undefined;
  /** Whether a part of the response calls a tool. Some servers use the finish reason `stop` for such a response. */
  callsTools(response: Fields): boolean;
  /** Whether a chunk contains output of the model: text, reasoning, a tool call or audio. */
  carriesOutput(chunk: Fields): boolean;
  /** Whether the response is complete with this chunk. Chunks with token counts may follow. */
  isLast(chunk: Fields): boolean;
  /**
   * Visits the alternatives ("choices") in a chunk, for APIs that generate several.
   *
   * The finish reason is undefined while a choice is incomplete. The response is complete when every choice is. For
   * these APIs, `isLast` describes only one of the choices, not the whole response.
   */
  choices?(chunk: Fields, visit: (index: number, finishReason: FinishReason | undefined) => void): void;
  /** The durations that the provider measured; undefined if it states none. */
  timings(response: Fields): ProviderTimings | undefined;
  /** The `error_type` of the error that the response or chunk states. */
  errorType(response: Fields): string | undefined;
  /** The error object, if the chunk contains one. It then determines the `error_type`. */
  thrownError?(chunk: Fields): unknown;
}
