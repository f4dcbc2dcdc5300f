import { type Fields, isFields } from './fields.js';
import type { FinishReason } from './finish-reason.js';
import { statesUsage } from './plain.js';
import { isRecognized, readerOf, usageByShape } from './reader-of.js';
import type { ProviderTimings, ResponseReader } from './response-reader.js';
import { failedType } from './stated-error.js';
import { addUsage, laterUsage, type TokenUsage } from './token-usage.js';

/** Options of {@link StreamedResponse}. */
export interface StreamedResponseOptions {
  /** Default: recognised by the shape of the chunks. */
  readonly reader?: ResponseReader | undefined;
  /** How many alternative answers the request asked for (`n` in OpenAI's API). Default: those that appear. */
  readonly choices?: number | undefined;
}

/** Choices that are followed, twice as many as OpenAI's API allows. A server could name any number of them. */
const mostChoices = 256;

/** Combines the chunks of one streamed response. */
export class StreamedResponse {
  readonly #expectedChoices: number;
  readonly #isGivenReader: boolean;
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
    this.#isGivenReader = reader !== undefined;
    this.#expectedChoices = choices;
  }

  /** The tokens so far. */
  get usage(): TokenUsage | undefined {
    return this.#total === undefined ? this.#steps : laterUsage(this.#steps, this.#total);
  }

  /** Why the response ended, of the first of several choices; undefined if no chunk says so. */
  get finishReason(): FinishReason | undefined {
    const reason = this.#finishReason;
    // Some servers end a response that calls a tool with `stop`.
    return reason === 'stop' && this.#callsTools ? 'tool_calls' : reason;
  }

  get timings(): ProviderTimings | undefined {
    return this.#timings;
  }

  /** The `error_type` of the first error that a chunk states. */
  get errorType(): string | undefined {
    return this.#errorType ?? failedType(this.#finishReason);
  }

  /** The error object that a chunk contains. */
  get thrown(): { readonly error: unknown } | undefined {
    return this.#thrown;
  }

  /** Whether nothing is missing except, possibly, chunks with counts. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /**
   * Whether token counts are missing although objects came: no reader found anything in them, or nothing in what should
   * be a usage object.
   */
  get isUnread(): boolean {
    return this.#hasFields && this.usage === undefined && (!this.#isUnderstood || this.#hasUnreadUsage);
  }

  /** Reads a chunk. Returns whether it contains output of the model; chunks of an unknown shape are taken for output. */
  add(chunk: unknown): boolean {
    if (!isFields(chunk)) return chunk !== '';
    const reader = this.#readerFor(chunk);
    const usage = this.#usageOf(reader, chunk);
    if (usage !== undefined) {
      if (reader.isIncrement?.(chunk)) this.#steps = addUsage(this.#steps, usage);
      else this.#total = laterUsage(this.#total, usage);
    }
    this.#read(reader, chunk, usage);
    const hasOutput = reader.carriesOutput(chunk);
    if (hasOutput && this.#isGivenReader) this.#isUnderstood = true;
    return hasOutput;
  }

  /** Reads a value about the whole response, for example what a generator returned after its last chunk. */
  addWhole(response: unknown): void {
    if (!isFields(response)) return;
    const reader = this.#readerFor(response);
    const usage = this.#usageOf(reader, response);
    if (usage !== undefined) this.#total = laterUsage(this.#total, usage);
    this.#read(reader, response, usage);
  }

  #read(reader: ResponseReader, chunk: Fields, usage: TokenUsage | undefined): void {
    this.#hasFields = true;
    const timings = reader.timings(chunk);
    if (reader.choices !== undefined) reader.choices(chunk, this.#addChoice);
    if (this.#open.size + this.#ended.size > 0) {
      this.#isComplete = this.#open.size === 0 && this.#ended.size >= this.#expectedChoices;
    } else {
      // The API has no choices, or no choice was generated, as for a prompt that Gemini blocks.
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
      this.#finishReason !== undefined || timings !== undefined || (!this.#isGivenReader && isRecognized(reader));
  }

  readonly #addChoice = (index: number, finishReason: FinishReason | undefined): void => {
    if (finishReason === undefined) {
      if (!this.#ended.has(index) && this.#open.size < mostChoices) this.#open.add(index);
      return;
    }
    this.#open.delete(index);
    if (this.#ended.size < mostChoices) this.#ended.add(index);
    if (index <= this.#firstEnded) {
      this.#firstEnded = index;
      this.#finishReason = finishReason;
    }
  };

  #usageOf(reader: ResponseReader, chunk: Fields): TokenUsage | undefined {
    return this.#isGivenReader ? reader.usage(chunk) : usageByShape(reader, chunk);
  }

  #readerFor(chunk: Fields): ResponseReader {
    if (this.#reader !== undefined) return this.#reader;
    const reader = readerOf(chunk);
    // The chunks of a stream come from one provider; not each of them shows from which.
    if (isRecognized(reader)) this.#reader = reader;
    return reader;
  }
}
