import { EventStream } from './event-stream.js';
import { LineSplitter } from './line-splitter.js';
import { ListSplitter } from './list-splitter.js';
import { TopLevelFields } from './top-level-fields.js';

/**
 * How a body is framed.
 *
 * `events`: server-sent events. `lines`: a JSON object on each line, or a JSON list of objects. `object`: one object.
 */
export type Framing = 'events' | 'lines' | 'object';

/** Options of a body reader. */
export interface BodyReaderOptions {
  /**
   * The framing to expect, from the `Content-Type` and the request. The first byte of the body shows whether the body
   * is JSON or events. If it contradicts this expectation, the first byte decides.
   */
  readonly expected: Framing;
  /** The framing to use if events are expected but the body is JSON; default `object`. */
  readonly jsonFraming?: 'lines' | 'object' | undefined;
  /**
   * Maximum bytes of an object, a line or an event. Longer lines, events and objects of a list are dropped. For a
   * longer single object, the fields before the limit are kept.
   *
   * Some JSON texts of more than 4 KiB are truncated, see `CondensedJson`: objects of a list, values of a single
   * object, and lines that arrive in several network chunks. A truncated text that is still longer than 64 KiB counts
   * as longer than the limit.
   */
  readonly limit: number;
  /** The fields to keep of a single object. */
  readonly wanted: ReadonlySet<string>;
  /** Fields that are known but not kept; default none. */
  readonly known?: ReadonlySet<string> | undefined;
  /**
   * Called with each object of a stream and the name of its event; the name is empty if there is none.
   *
   * If the data of an event named `error` is not a JSON object, the object is `{ error: data }`.
   */
  readonly onChunk: (chunk: Readonly<Record<string, unknown>>, eventName: string) => void;
  /** Called when an object, a line or an event exceeds the limit. */
  readonly onTooLarge: () => void;
}

/** Returns the framing of a `Content-Type`; `undefined` for other types, such as plain JSON. */
export function framingNamed(contentType: string): 'events' | 'lines' | undefined {
  if (/event-stream/i.test(contentType)) return 'events';
  return /ndjson|jsonl|json-seq|stream\+json/i.test(contentType) ? 'lines' : undefined;
}

interface FramedReader {
  /** Bytes in memory. */
  readonly heldBytes: number;
  push(bytes: Uint8Array): unknown;
  end?(): void;
}

/** The end mark of OpenAI streams. */
const endMark = '[DONE]';
const blanks: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);
const openBrace = 0x7b;
const openBracket = 0x5b;

/**
 * Reads the JSON objects of a response body that arrives in pieces.
 *
 * Some servers label an event stream as JSON or send no `Content-Type`, so the first byte decides: JSON starts with a
 * bracket, and an event stream with a field name or a colon. Lines and events that are not JSON objects are skipped,
 * except events named `error`. Long strings and lists are truncated to limit memory.
 */
export class BodyReader {
  readonly #options: BodyReaderOptions;
  #framing: Framing;
  #reader: FramedReader | undefined;
  #object: TopLevelFields | undefined;
  #isList = false;
  #endsWithMark = false;

  constructor(options: BodyReaderOptions) {
    this.#options = options;
    this.#framing = options.expected;
  }

  /** The framing, as far as it is known. */
  get framing(): Framing {
    return this.#framing;
  }

  /** Whether OpenAI's `[DONE]` was received. */
  get endsWithMark(): boolean {
    return this.#endsWithMark;
  }

  /** The wanted fields of a single object; empty for a stream. */
  get object(): Readonly<Record<string, unknown>> {
    return this.#object?.fields ?? {};
  }

  /** Whether a single object has fields, but no wanted or known ones. */
  get isUnknownObject(): boolean {
    return this.#object?.isUnknown === true;
  }

  /** Whether a single object was received completely. */
  get isWholeObject(): boolean {
    return this.#object?.state === 'whole';
  }

  /** Bytes in memory: those of the unfinished line, event or list item, or those of the fields of a single object. */
  get heldBytes(): number {
    return this.#reader?.heldBytes ?? 0;
  }

  /** Reads the next bytes of the body. */
  push(bytes: Uint8Array): void {
    if (this.#reader === undefined) {
      const start = bytes.findIndex((byte) => !blanks.has(byte));
      if (start === -1) return;
      this.#framing = this.#framingOf(bytes[start] as number);
      this.#reader = this.#open(this.#framing);
      // Skip white space and the bytes of a byte order mark.
      this.push(bytes.subarray(start));
      return;
    }
    if (this.#reader.push(bytes) === 'too_large') this.#options.onTooLarge();
  }

  /** Ends the body. A last line or event without an end is reported too. */
  end(): void {
    this.#reader?.end?.();
  }

  #framingOf(first: number): Framing {
    const { expected, jsonFraming = 'object' } = this.#options;
    if (first === openBracket) {
      this.#isList = true;
      return 'lines';
    }
    if (first !== openBrace) return 'events';
    return expected === 'events' ? jsonFraming : expected;
  }

  #open(framing: Framing): FramedReader {
    const { limit, wanted, known, onTooLarge } = this.#options;
    if (framing === 'object') {
      this.#object = new TopLevelFields({ wanted, known, limit });
      return this.#object;
    }
    if (this.#isList) {
      return new ListSplitter({
        longestObject: limit,
        onObject: (text) => this.#text(text, ''),
        onDropped: onTooLarge,
      });
    }
    if (framing === 'lines') {
      const onLine = (line: string): void => this.#text(line, '');
      return new LineSplitter({ longestLine: limit, endsAtReturn: false, onLine, onDropped: onTooLarge });
    }
    const onEvent = ({ data, name }: { readonly data: string; readonly name: string }): void => this.#text(data, name);
    return new EventStream({ longestEvent: limit, onEvent, onDropped: onTooLarge });
  }

  #text(text: string, eventName: string): void {
    if (text.startsWith(endMark)) this.#endsWithMark = true;
    const chunk = objectIn(text);
    if (chunk !== undefined || eventName === 'error') this.#options.onChunk(chunk ?? { error: text }, eventName);
  }
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.includes('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
