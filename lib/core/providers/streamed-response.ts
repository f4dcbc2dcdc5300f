import { type Fields, isFields } from './fields.js';
import type { FinishReason } from './finish-reason.js';
import { statesUsage } from './plain.js';
import { isRecognized, readerOf, usageByShape } from './reader-of.js';
import type { ProviderTimings, ResponseReader } from './response-reader.js';
import { failedType } from './stated-error.js';
import { addUsage, maxUsage, type TokenUsage } from './token-usage.js';

/** Options of {@link StreamedResponse}. */
export interface StreamedResponseOptions {
  /** Default: the reader for the shape of the chunks. */
  readonly reader?: ResponseReader | undefined;
  /**
   * How many alternatives the request asked for (`n` in OpenAI's API). Default: the number of alternatives in the
   * chunks.
   */
  readonly choices?: number | undefined;
}

/**
 * Maximum number of choices that are tracked, twice as many as OpenAI's API allows. The limit is necessary because a
 * server could send any number of choices.
 */
const maxChoices = 256;

/** Combines the chunks of one streamed response. */
export class StreamedResponse {
  readonly #expectedChoices: number;
  readonly #hasExplicitReader: boolean;
  #reader: ResponseReader | undefined;
  #steps: TokenUsage | undefined;
  #total: TokenUsage | undefined;
  #finishReason: FinishReason | undefined;
  readonly #open = new Set<number>();
  readonly #ended = new Set<number>();
  #firstEnded = Number.POSITIVE_INFINITY;
  #callsTools = false;
  #timings: ProviderTimings | undefined;
  #errorType: string | undefined;
  #thrown: { readonly error: unknown } | undefined;
  #isComplete = false;
  #hasFields = false;
  #isUnderstood = false;
  #hasUnreadUsage = false;

  constructor({ reader, choices = 1 }: StreamedResponseOptions = {}) {
    this.#reader = reader;
    this.#hasExplicitReader = reader !== undefined;
    this.#expectedChoices = choices;
  }

  /** The token counts so far. */
  get usage(): TokenUsage | undefined {
    return this.#total === undefined ? this.#steps : maxUsage(this.#steps, this.#total);
  }

  /** Why the response ended, according to its first choice. Undefined if no chunk contains a reason. */
  get finishReason(): FinishReason | undefined {
    const reason = this.#finishReason;
    // Some servers state the reason `stop` although the response calls a tool.
    return reason === 'stop' && this.#callsTools ? 'tool_calls' : reason;
  }

  get timings(): ProviderTimings | undefined {
    return this.#timings;
  }

  /** The `error_type` of the first error in a chunk. */
  get errorType(): string | undefined {
    return this.#errorType ?? failedType(this.#finishReason);
  }

  /** The error object in a chunk. */
  get thrown(): { readonly error: unknown } | undefined {
    return this.#thrown;
  }

  /** Whether the response is complete, except possibly for chunks with token counts. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /**
   * Whether token counts are missing although objects arrived.
   *
   * There are two possible reasons: no reader recognized any of the objects, or an object that looks like usage
   * contained no known count.
   */
  get isUnread(): boolean {
    return this.#hasFields && this.usage === undefined && (!this.#isUnderstood || this.#hasUnreadUsage);
  }

  /** Reads a chunk. Returns whether it contains output of the model. A chunk of an unknown shape counts as output. */
  add(chunk: unknown): boolean {
    if (!isFields(chunk)) return chunk !== '';
    const reader = this.#readerFor(chunk);
    const usage = this.#usageOf(reader, chunk);
    if (usage !== undefined) {
      if (reader.isIncrement?.(chunk)) this.#steps = addUsage(this.#steps, usage);
      else this.#total = maxUsage(this.#total, usage);
    }
    this.#read(reader, chunk, usage);
    const hasOutput = reader.carriesOutput(chunk);
    if (hasOutput && this.#hasExplicitReader) this.#isUnderstood = true;
    return hasOutput;
  }

  /** Reads a value about the whole response, for example the return value of a generator. */
  addWhole(response: unknown): void {
    if (!isFields(response)) return;
    const reader = this.#readerFor(response);
    const usage = this.#usageOf(reader, response);
    if (usage !== undefined) this.#total = maxUsage(this.#total, usage);
    this.#read(reader, response, usage);
  }

  #read(reader: ResponseReader, chunk: Fields, usage: TokenUsage | undefined): void {
    this.#hasFields = true;
    const timings = reader.timings(chunk);
    if (reader.choices !== undefined) reader.choices(chunk, this.#addChoice);
    if (this.#open.size + this.#ended.size > 0) {
      this.#isComplete = this.#open.size === 0 && this.#ended.size >= this.#expectedChoices;
    } else {
      // The API has no choices, or no choice was generated, for example because Gemini blocked the prompt.
      this.#finishReason = reader.finishReason(chunk) ?? this.#finishReason;
      this.#isComplete ||= reader.isLast(chunk);
    }
    this.#timings = timings ?? this.#timings;
    this.#callsTools ||= reader.callsTools(chunk);
    this.#errorType ??= reader.errorType(chunk);
    const thrown = reader.thrownError?.(chunk);
    if (thrown !== undefined) this.#thrown ??= { error: thrown };
    if (usage === undefined && statesUsage(chunk)) this.#hasUnreadUsage = true;
    this.#isUnderstood ||=
      this.#finishReason !== undefined || timings !== undefined || (!this.#hasExplicitReader && isRecognized(reader));
  }

  readonly #addChoice = (index: number, finishReason: FinishReason | undefined): void => {
    if (finishReason === undefined) {
      if (!this.#ended.has(index) && this.#open.size < maxChoices) this.#open.add(index);
      return;
    }
    this.#open.delete(index);
    if (this.#ended.size < maxChoices) this.#ended.add(index);
    if (index <= this.#firstEnded) {
      this.#firstEnded = index;
      this.#finishReason = finishReason;
    }
  };

  #usageOf(reader: ResponseReader, chunk: Fields): TokenUsage | undefined {
    return this.#hasExplicitReader ? reader.usage(chunk) : usageByShape(reader, chunk);
  }

  #readerFor(chunk: Fields): ResponseReader {
    if (this.#reader !== undefined) return this.#reader;
    const reader = readerOf(chunk);
    // The chunks of a stream come from one provider, but not every chunk identifies it.
    if (isRecognized(reader)) this.#reader = reader;
    return reader;
  }
}
