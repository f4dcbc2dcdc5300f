import { isFields, ModelProtocolError } from 'tinyllm/recording';
import { type AnswerPart, type Fields, streamedPart, toldBy } from './answer-part.js';
import type { AnswerReader, AnswerVerdict } from './answer-reader.js';
import type { ModelApi } from './endpoints.js';
import { EventStream } from '../../core/framing/event-stream.js';
import { LineSplitter } from '../../core/framing/line-splitter.js';

/** How the parts of a stream are told apart: JSON lines, or server-sent events. */
export type Framing = 'lines' | 'events';

/** What is done with a stream. */
export interface StreamedAnswerOptions {
  readonly api: ModelApi;
  readonly framing: Framing;
  /** In bytes of a part; a longer one is dropped. */
  readonly limit: number;
  /** Given each part that says something: output, counts, how the answer ended, or which model answers. */
  readonly onPart: (fields: Fields, part: AnswerPart) => void;
  readonly onTooLarge: () => void;
}

/** What OpenAI's streams end with. */
const endMark = '[DONE]';

/** Reads an answer that comes in parts. One that is no JSON object, such as a server's sign of life, says nothing. */
export class StreamedAnswer implements AnswerReader {
  readonly #options: StreamedAnswerOptions;
  readonly #parts: EventStream | LineSplitter;
  #isWhole = false;
  #errorType: string | undefined;
  #callsTools = false;

  constructor(options: StreamedAnswerOptions) {
    const { framing, limit, onTooLarge: onDropped } = options;
    this.#options = options;
    this.#parts =
      framing === 'events'
        ? new EventStream({ longestEvent: limit, onEvent: ({ name, data }) => this.#text(data, name), onDropped })
        : new LineSplitter({ longestLine: limit, endsAtReturn: false, onLine: (line) => this.#text(line), onDropped });
  }

  push(bytes: Uint8Array): void {
    this.#parts.push(bytes);
  }

  end(): void {
    this.#parts.end();
  }

  verdict(): AnswerVerdict {
    return { isWhole: this.#isWhole, errorType: this.#errorType };
  }

  #text(text: string, name = ''): void {
    if (text.startsWith(endMark)) this.#isWhole = true;
    if (name === 'error') this.#errorType ??= ModelProtocolError.name;
    const fields = objectIn(text);
    if (fields === undefined) return;
    const part = streamedPart(this.#options.api, fields);
    this.#isWhole ||= part.isLast;
    this.#errorType ??= part.errorType;
    this.#callsTools ||= part.callsTools;
    const { finishReason } = part;
    this.#options.onPart(toldBy(fields, { finishReason, callsTools: this.#callsTools }), part);
  }
}

function objectIn(text: string): Fields | undefined {
  if (!text.includes('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
