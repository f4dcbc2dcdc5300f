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
import { DecodedBody, type UninspectedReason } from './decoded-body.js';
import type { Endpoint } from './endpoints.js';
import { ErrorBodyReader } from './error-body-reader.js';
import type { InspectionBudget } from './inspection-budget.js';
import type { ResponseVerdict } from './response-verdict.js';

/** Options for reading a response. */
export interface ResponseWatchOptions {
  readonly head: AnswerHead;
  readonly endpoint: Endpoint;
  /** Whether the request asks for a stream. `undefined` if the request could not be read. */
  readonly wantsStream: boolean | undefined;
  /** The number of alternative answers that the request asks for. */
  readonly choices: number | undefined;
  /** Maximum bytes of a non-streamed response, or of a chunk of a stream. */
  readonly limit: number;
  readonly budget: InspectionBudget;
  readonly onChunk: (chunk: Fields, hasOutput: boolean) => void;
  readonly onUninspected: (reason: UninspectedReason) => void;
  /** Runs a function that reads a body, and handles its errors. */
  readonly contain: (work: () => void) => void;
}

/** Reads one response in any framing. */
export class ResponseWatch {
  readonly status: number;
  /** The content of the chunks of a streamed response. */
  readonly response: StreamedResponse;
  readonly #options: ResponseWatchOptions;
  readonly #errorBody: ErrorBodyReader | undefined;
  readonly #reader: BodyReader;
  readonly #body: DecodedBody;
  #isInspected = true;
  #eventError = false;

  constructor(options: ResponseWatchOptions) {
    const { head, limit, budget, contain, endpoint, choices } = options;
    this.#options = options;
    this.status = head.status;
    this.#errorBody = head.status >= 300 ? new ErrorBodyReader(head.status) : undefined;
    this.response = new StreamedResponse({ reader: endpoint.reader, choices });
    this.#reader = new BodyReader({
      expected: expectedFraming(options),
      jsonFraming: endpoint.streamsLines && options.wantsStream !== false ? 'lines' : 'object',
      limit,
      wanted: wantedFields,
      onChunk: (chunk, eventName) => this.#chunk(chunk, eventName),
      onTooLarge: () => this.#stopInspecting('too_large'),
    });
    const reader = this.#errorBody ?? this.#reader;
    this.#body = new DecodedBody({
      encoding: head.headers['content-encoding'],
      limit,
      budget,
      heldBytes: () => reader.heldBytes,
      onData: (bytes) => contain(() => reader.push(bytes)),
      onUninspected: (reason) => this.#stopInspecting(reason),
    });
  }

  /** Whether the response is streamed, according to the bytes so far. */
  get isStreamed(): boolean {
    return this.#errorBody === undefined && this.#reader.framing !== 'object';
  }

  /** Whether the complete response could be inspected. */
  get isInspected(): boolean {
    return this.#isInspected;
  }

  push(bytes: Uint8Array): void {
    this.#body.push(bytes);
  }

  /** Ends the body. Calls `done` when all received bytes have been read. */
  end(done: () => void): void {
    this.#body.end(() => {
      this.#options.contain(() => this.#reader.end());
      done();
    });
  }

  verdict(): ResponseVerdict {
    if (this.#errorBody !== undefined) return this.#errorBody.verdict();
    return this.isStreamed ? this.#streamedVerdict() : this.#wholeVerdict();
  }

  #streamedVerdict(): ResponseVerdict {
    const { response } = this;
    const errorType = response.errorType ?? (this.#eventError ? ModelProtocolError.name : undefined);
    return { isComplete: response.isComplete || this.#reader.endsWithMark, reading: { errorType } };
  }

  #wholeVerdict(): ResponseVerdict {
    const { reader, requestType } = this.#options.endpoint;
    const { object, isWholeObject } = this.#reader;
    const read = readResponse(object, reader);
    // The reader keeps only known fields. If the object has none of them, the response counts as unread.
    const reading = { ...read, isUnread: read.isUnread || Object.keys(object).length === 0 };
    return {
      isComplete: isWholeObject,
      // A response for embeddings or a token count never counts as unread: some servers report no usage for embeddings,
      // and counting tokens does not call a model.
      reading: requestType === 'ask' ? reading : { ...reading, isUnread: false },
      model: object.model ?? object.modelVersion,
    };
  }

  #chunk(chunk: Fields, eventName: string): void {
    if (eventName === 'error') this.#eventError = true;
    this.#options.onChunk(chunk, this.response.add(chunk));
  }

  #stopInspecting(reason: UninspectedReason): void {
    if (!this.#isInspected) return;
    this.#isInspected = false;
    this.#options.onUninspected(reason);
  }
}

/**
 * The framing of a response, according to its content type.
 *
 * Some servers declare Ollama's lines as plain JSON. In that case the request determines the framing.
 */
function expectedFraming({ head: { headers }, endpoint, wantsStream }: ResponseWatchOptions): Framing {
  const type = headers['content-type'] ?? '';
  const named = framingNamed(type);
  if (named !== undefined) return named;
  if (wantsStream !== true) return 'object';
  if (endpoint.streamsLines) return 'lines';
  return /json/i.test(type) ? 'object' : 'events';
}
