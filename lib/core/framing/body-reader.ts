import { EventStream } from './event-stream.js';
import { LineSplitter } from './line-splitter.js';
import { ListSplitter } from './list-splitter.js';
import { TopLevelFields } from './top-level-fields.js';

/** How a body is framed: server-sent events, lines of JSON or a JSON list, or one JSON object. */
export type Framing = 'events' | 'lines' | 'object';

/** What a body is expected to be, and what is done with it. */
export interface BodyReaderOptions {
  /** What the `Content-Type` and the request say. The body's first byte decides between events and JSON. */
  readonly expected: Framing;
  /** How JSON is framed if the first byte contradicts `expected`; default `object`. */
  readonly jsonFraming?: 'lines' | 'object' | undefined;
  /** In bytes, of an object, a line or an event; what is longer is dropped. At most 64 KiB of it are held, condensed. */
  readonly limit: number;
  /** The fields to keep of a single object. */
  readonly wanted: ReadonlySet<string>;
  /** Fields that are known but not kept; default none. */
  readonly known?: ReadonlySet<string> | undefined;
  /** An object of a stream, with the name of its event; empty without one. */
  readonly onChunk: (chunk: Readonly<Record<string, unknown>>, eventName: string) => void;
  /** Something was longer than the limit. */
  readonly onTooLarge: () => void;
}

/** The framing that a `Content-Type` names; undefined if it names none, as for plain JSON. */
export function framingNamed(contentType: string): 'events' | 'lines' | undefined {
  if (/event-stream/i.test(contentType)) return 'events';
  return /ndjson|jsonl|json-seq|stream\+json/i.test(contentType) ? 'lines' : undefined;
}

interface Part {
  /** Bytes in memory. */
  readonly heldBytes: number;
  push(bytes: Uint8Array): unknown;
  end?(): void;
}

/** OpenAI's mark at the end of a stream. */
const endMark = '[DONE]';
const blanks: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);
const openBrace = 0x7b;
const openBracket = 0x5b;

/**
 * Reads the JSON objects of a response body as its bytes arrive, however they are split.
 *
 * Some servers label an event stream as JSON or send no `Content-Type`, so the first byte decides: an event stream begins
 * with the name of a field or a colon, JSON with a bracket. A chunk that is no JSON object is skipped. Of long objects,
 * only the beginning of strings and lists is kept, so that memory stays bounded.
 */
export class BodyReader {
  readonly #options: BodyReaderOptions;
  #framing: Framing;
  #part: Part | undefined;
  #object: TopLevelFields | undefined;
  #isList = false;
  #endsWithMark = false;

  constructor(options: BodyReaderOptions) {
    this.#options = options;
    this.#framing = options.expected;
  }

  /** The framing as it is known so far. */
  get framing(): Framing {
    return this.#framing;
  }

  /** Whether OpenAI's `[DONE]` came. */
  get endsWithMark(): boolean {
    return this.#endsWithMark;
  }

  /** The wanted fields of a single object; without fields for a stream. */
  get object(): Readonly<Record<string, unknown>> {
    return this.#object?.fields ?? {};
  }

  /** Whether a single object has fields, but none that is wanted or known. */
  get isUnknownObject(): boolean {
    return this.#object?.isUnknown === true;
  }

  /** Whether a single object came completely. */
  get isWholeObject(): boolean {
    return this.#object?.state === 'whole';
  }

  /** Bytes in memory, of what was read and is not reported yet. */
  get heldBytes(): number {
    return this.#part?.heldBytes ?? 0;
  }

  /** Reads the next bytes of the body. */
  push(bytes: Uint8Array): void {
    if (this.#part === undefined) {
      const start = bytes.findIndex((byte) => !blanks.has(byte));
      if (start === -1) return;
      this.#framing = this.#framingOf(bytes[start] as number);
      this.#part = this.#open(this.#framing);
      // White space and the pieces of a byte order mark are left out.
      this.push(bytes.subarray(start));
      return;
    }
    if (this.#part.push(bytes) === 'too_large') this.#options.onTooLarge();
  }

  /** No more bytes come; a last line or event without an end is read. */
  end(): void {
    this.#part?.end?.();
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

  #open(framing: Framing): Part {
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
