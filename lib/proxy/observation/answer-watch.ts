import type { Fields, Framing } from 'tinyllm/recording';
import {
  BodyReader,
  framingNamed,
  ModelProtocolError,
  readResponse,
  StreamedResponse,
  wantedFields,
} from 'tinyllm/recording';
import type { AnswerHead } from '../forwarding/exchange-observer.js';
import type { AnswerVerdict } from './answer-verdict.js';
import { DecodedBody, type UninspectedReason } from './decoded-body.js';
import type { Endpoint } from './endpoints.js';
import type { InspectionBudget } from './inspection-budget.js';
import { RefusedAnswer } from './refused-answer.js';

/** What is done with a response. */
export interface AnswerWatchOptions {
  readonly head: AnswerHead;
  readonly endpoint: Endpoint;
  /** Whether the request wanted a stream; undefined if the request could not be read. */
  readonly wantsStream: boolean | undefined;
  /** How many alternative answers the request asked for. */
  readonly choices: number | undefined;
  /** In bytes: of a whole response, and of a chunk of any other. */
  readonly limit: number;
  readonly budget: InspectionBudget;
  readonly onChunk: (chunk: Fields, hasOutput: boolean) => void;
  readonly onUninspected: (reason: UninspectedReason) => void;
  /** Runs what reads a body; must contain what that throws. */
  readonly contain: (work: () => void) => void;
}

/** Follows one response, in whatever form it comes. */
export class AnswerWatch {
  readonly status: number;
  /** What the chunks of a streamed response state. */
  readonly response: StreamedResponse;
  readonly #options: AnswerWatchOptions;
  readonly #refused: RefusedAnswer | undefined;
  readonly #reader: BodyReader;
  readonly #body: DecodedBody;
  #isInspected = true;
  #eventError = false;

  constructor(options: AnswerWatchOptions) {
    const { head, limit, budget, contain, endpoint, choices } = options;
    this.#options = options;
    this.status = head.status;
    this.#refused = head.status >= 300 ? new RefusedAnswer(head.status) : undefined;
    this.response = new StreamedResponse({ reader: endpoint.reader, choices });
    this.#reader = new BodyReader({
      expected: expectedFraming(options),
      jsonFraming: endpoint.streamsLines && options.wantsStream !== false ? 'lines' : 'object',
      limit,
      wanted: wantedFields,
      onChunk: (chunk, eventName) => this.#chunk(chunk, eventName),
      onTooLarge: () => this.#leave('too_large'),
    });
    const reader = this.#refused ?? this.#reader;
    this.#body = new DecodedBody({
      encoding: head.headers['content-encoding'],
      limit,
      budget,
      heldBytes: () => reader.heldBytes,
      onData: (bytes) => contain(() => reader.push(bytes)),
      onUninspected: (reason) => this.#leave(reason),
    });
  }

  /** Whether the response is streamed, as far as that is known. */
  get isStreamed(): boolean {
    return this.#refused === undefined && this.#reader.framing !== 'object';
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
    if (this.#refused !== undefined) return this.#refused.verdict();
    return this.isStreamed ? this.#streamedVerdict() : this.#wholeVerdict();
  }

  #streamedVerdict(): AnswerVerdict {
    const { response } = this;
    const errorType = response.errorType ?? (this.#eventError ? ModelProtocolError.name : undefined);
    return { isWhole: response.isComplete || this.#reader.endsWithMark, reading: { errorType } };
  }

  #wholeVerdict(): AnswerVerdict {
    const { reader, requestType } = this.#options.endpoint;
    const { object, isWholeObject } = this.#reader;
    const read = readResponse(object, reader);
    // Only the wanted fields of the object are kept; without any of them, nothing could be read.
    const reading = { ...read, isUnread: read.isUnread || Object.keys(object).length === 0 };
    return {
      isWhole: isWholeObject,
      // Some servers state nothing about an embedding, and a count of tokens is no request to a model.
      reading: requestType === 'ask' ? reading : { ...reading, isUnread: false },
      model: object.model ?? object.modelVersion,
    };
  }

  #chunk(chunk: Fields, eventName: string): void {
    if (eventName === 'error') this.#eventError = true;
    this.#options.onChunk(chunk, this.response.add(chunk));
  }

  #leave(reason: UninspectedReason): void {
    if (!this.#isInspected) return;
    this.#isInspected = false;
    this.#options.onUninspected(reason);
  }
}

/**
 * How a response is framed, by its content type.
 *
 * Some servers label Ollama's lines as plain JSON; those are recognised by what the request wanted.
 */
function expectedFraming({ head: { headers }, endpoint, wantsStream }: AnswerWatchOptions): Framing {
  const type = headers['content-type'] ?? '';
  const named = framingNamed(type);
  if (named !== undefined) return named;
  if (wantsStream !== true) return 'object';
  if (endpoint.streamsLines) return 'lines';
  return /json/i.test(type) ? 'object' : 'events';
}
