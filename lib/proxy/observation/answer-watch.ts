import type { AnswerHead } from '../forwarding/exchange-observer.js';
import type { AnswerPart, Fields } from './answer-part.js';
import type { AnswerReader, AnswerVerdict } from './answer-reader.js';
import { DecodedBody, type UninspectedReason } from './decoded-body.js';
import type { ModelApi } from './endpoints.js';
import { RefusedAnswer } from './refused-answer.js';
import { type Framing, StreamedAnswer } from './streamed-answer.js';
import { WholeAnswer } from './whole-answer.js';

/** What is done with an answer. */
export interface AnswerWatchOptions {
  readonly head: AnswerHead;
  readonly api: ModelApi;
  /** Whether the request wanted a stream; undefined when it could not be read. */
  readonly wantsStream: boolean | undefined;
  /** In bytes: of an answer that comes whole, and of a part of any other. */
  readonly limit: number;
  readonly onPart: (fields: Fields, part: AnswerPart) => void;
  readonly onUninspected: (reason: UninspectedReason) => void;
  /** Runs what reads a body; must contain what that throws. */
  readonly contain: (work: () => void) => void;
}

/** Follows one answer, in whatever form it comes. */
export class AnswerWatch {
  readonly status: number;
  readonly isStreamed: boolean;
  readonly #options: AnswerWatchOptions;
  readonly #reader: AnswerReader;
  readonly #body: DecodedBody;
  #isInspected = true;

  constructor(options: AnswerWatchOptions) {
    const { head, limit, contain } = options;
    this.#options = options;
    this.status = head.status;
    const framing = framingOf(options);
    this.isStreamed = framing !== undefined;
    this.#reader = this.#readerFor(framing);
    this.#body = new DecodedBody({
      encoding: head.headers['content-encoding'],
      limit,
      onData: (bytes) => contain(() => this.#reader.push(bytes)),
      onUninspected: (reason) => this.#leave(reason),
    });
  }

  /** Whether all of it could be looked into. */
  get isInspected(): boolean {
    return this.#isInspected;
  }

  push(bytes: Uint8Array): void {
    this.#body.push(bytes);
  }

  /** No more comes; `done` is called once all that came has been read. */
  end(done: () => void): void {
    this.#body.end(() => {
      this.#options.contain(() => this.#reader.end());
      done();
    });
  }

  verdict(): AnswerVerdict {
    return this.#reader.verdict();
  }

  #readerFor(framing: Framing | undefined): AnswerReader {
    const { head, api, limit, onPart } = this.#options;
    if (head.status >= 300) return new RefusedAnswer(head.status);
    const onTooLarge = (): void => this.#leave('too_large');
    if (framing === undefined) return new WholeAnswer({ api, limit, onTooLarge });
    return new StreamedAnswer({ api, framing, limit, onPart, onTooLarge });
  }

  #leave(reason: UninspectedReason): void {
    if (!this.#isInspected) return;
    this.#isInspected = false;
    this.#options.onUninspected(reason);
  }
}

/**
 * How an answer is framed; undefined for one that comes whole.
 *
 * Its content type says so. Some servers name Ollama's lines plain JSON; those are told by what the request wanted.
 */
function framingOf({ head: { status, headers }, api, wantsStream }: AnswerWatchOptions): Framing | undefined {
  if (status >= 300) return undefined;
  const type = headers['content-type']?.toLowerCase() ?? '';
  if (type.includes('event-stream')) return 'events';
  if (/ndjson|jsonl|json-seq|stream\+json/.test(type)) return 'lines';
  if (wantsStream !== true) return undefined;
  if (api === 'ollama') return 'lines';
  return type.includes('json') ? undefined : 'events';
}
