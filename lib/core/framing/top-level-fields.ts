import { CondensedJson } from './condensed-json.js';
import { asBuffer } from './gathered-bytes.js';

/** Options of a field reader. */
export interface TopLevelFieldsOptions {
  /** The fields to keep. */
  readonly wanted: ReadonlySet<string>;
  /** Fields that are known but not kept; default none. */
  readonly known?: ReadonlySet<string> | undefined;
  /** Maximum bytes to read. */
  readonly limit: number;
  /** Maximum bytes of all kept values after long strings and lists are truncated; default 64 KiB. */
  readonly heldLimit?: number | undefined;
}

/** The state of reading: complete, in progress, above a limit, or not a JSON object. */
export type ReadState = 'whole' | 'begun' | 'too_large' | 'not_json';

/** Maximum length of a key with escapes and quotes. All wanted keys are shorter. */
const longestKey = 256;
const maxKept = 64 * 1024;
/** Values with more bytes are stored as `CondensedJson`, which truncates those above 4 KiB. */
const shortValue = 1_024;
/** Estimated ratio of the memory of parsed values to the length of their JSON text. */
const memoryFactor = 8;

const backslash = 0x5c;
const quote = 0x22;
const colon = 0x3a;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const delimiters = [quote, colon, comma, openBrace, closeBrace, openBracket, closeBracket];
/** By byte: 1 if the byte is a JSON delimiter. */
const isDelimiter = Uint8Array.from({ length: 256 }, (_, byte) => (delimiters.includes(byte) ? 1 : 0));
/** By byte: the change of the nesting depth. */
const depthChange = Int8Array.from({ length: 256 }, (_, byte) => {
  if (byte === openBrace || byte === openBracket) return 1;
  return byte === closeBrace || byte === closeBracket ? -1 : 0;
});
/** Bytes that can precede the object: white space and a byte order mark. */
const leading: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);

/**
 * Reads selected top-level fields of a JSON object from bytes in pieces. Other fields are not stored.
 *
 * So bodies with images or vectors need little memory and do not block the event loop for long. Long strings and lists
 * in the values are truncated. The skipped parts are not validated: only their quotes and brackets are read.
 */
export class TopLevelFields {
  readonly #options: TopLevelFieldsOptions;
  readonly #fields: Record<string, unknown> = {};
  readonly #buffer: CondensedJson;
  /** Bytes of the JSON texts of the values in `#fields`. */
  #valueBytes = 0;
  #state: ReadState = 'begun';
  #hasKnown = false;
  #hasOther = false;
  #read = 0;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  /** The part that is being stored: a key, the value of `#key`, or nothing. */
  #storing: 'key' | 'value' | undefined;
  /** Start of the stored part in the current piece. */
  #storedFrom = 0;
  #expectsKey = true;
  #key: string | undefined;

  constructor(options: TopLevelFieldsOptions) {
    this.#options = options;
    this.#buffer = new CondensedJson(options.heldLimit ?? maxKept);
  }

  /** Approximate bytes in memory. */
  get heldBytes(): number {
    return this.#buffer.heldBytes + memoryFactor * this.#valueBytes;
  }

  /** The fields that were read. For duplicate fields, this is the last value. */
  get fields(): Readonly<Record<string, unknown>> {
    return this.#fields;
  }

  /** Whether the object has fields, but no wanted or known ones. */
  get isUnknown(): boolean {
    return this.#hasOther && !this.#hasKnown;
  }

  get state(): ReadState {
    return this.#state;
  }

  /** Reads the next bytes. Returns the new state. */
  push(bytes: Uint8Array): ReadState {
    if (this.#state === 'begun') {
      const room = this.#options.limit - this.#read;
      this.#read += bytes.length;
      this.#scan(asBuffer(bytes).subarray(0, room));
      if (bytes.length > room) this.#stop('too_large');
    }
    return this.#state;
  }

  #scan(bytes: Buffer): void {
    const { length } = bytes;
    let at = this.#depth === 0 ? this.#enter(bytes) : 0;
    this.#storedFrom = at;
    while (at < length && this.#state === 'begun') {
      if (this.#inString) {
        at = this.#skipString(bytes, at);
        if (!this.#inString && this.#storing === 'key') this.#keyEnds(bytes, at);
      } else if (this.#depth > 1) {
        at = this.#skipInner(bytes, at);
      } else {
        if (isDelimiter[bytes[at] as number] === 1) this.#delimiter(bytes, at);
        at++;
      }
    }
    if (this.#storing !== undefined) this.#store(bytes.subarray(this.#storedFrom));
  }

  /** Finds the start of the object. Returns the next position. */
  #enter(bytes: Buffer): number {
    const start = bytes.findIndex((byte) => !leading.has(byte));
    if (start === -1) return bytes.length;
    if (bytes[start] === openBrace) this.#depth = 1;
    else this.#stop('not_json');
    return start + 1;
  }

  /** Handles a delimiter at the top level. */
  #delimiter(bytes: Buffer, at: number): void {
    switch (bytes[at]) {
      case quote:
        this.#inString = true;
        if (this.#expectsKey) this.#storeFrom('key', at);
        break;
      case colon:
        if (!this.#expectsKey) break;
        this.#expectsKey = false;
        if (this.#key !== undefined) this.#storeFrom('value', at + 1);
        break;
      case comma:
        this.#valueEnds(bytes, at);
        this.#expectsKey = true;
        break;
      case openBrace:
      case openBracket:
        this.#depth = 2;
        break;
      default:
        this.#valueEnds(bytes, at);
        this.#stop(bytes[at] === closeBrace ? 'whole' : 'not_json');
    }
  }

  /** Skips an inner object or list, up to its end or to the next string in it. Returns the next position. */
  #skipInner(bytes: Buffer, from: number): number {
    const { length } = bytes;
    let depth = this.#depth;
    let at = from;
    while (at < length && depth > 1 && bytes[at] !== quote) {
      depth += depthChange[bytes[at] as number] as number;
      at++;
    }
    this.#depth = depth;
    if (at === length || depth === 1) return at;
    this.#inString = true;
    return at + 1;
  }

  /** Skips the rest of a string. Returns the next position. */
  #skipString(bytes: Buffer, from: number): number {
    const { length } = bytes;
    let isEscaped = this.#isEscaped;
    let at = from;
    for (; at < length; at++) {
      if (isEscaped) isEscaped = false;
      else if (bytes[at] === backslash) isEscaped = true;
      else if (bytes[at] === quote) break;
    }
    this.#isEscaped = isEscaped;
    this.#inString = at === length;
    return this.#inString ? length : at + 1;
  }

  #storeFrom(part: 'key' | 'value', at: number): void {
    this.#storing = part;
    this.#storedFrom = at;
  }

  #store(bytes: Buffer): void {
    if (!this.#buffer.append(bytes) && this.#storing === 'value') this.#stop('too_large');
  }

  /** Ends the stored part and returns its text; `undefined` if it is too long. Most parts are within one piece. */
  #storedText(bytes: Buffer, end: number): string | undefined {
    const from = this.#storedFrom;
    this.#storing = undefined;
    if (this.#buffer.rawLength === 0 && end - from <= shortValue) return bytes.toString('utf8', from, end);
    const fits = this.#buffer.append(bytes.subarray(from, end));
    const text = this.#buffer.takeText();
    return fits ? text : undefined;
  }

  #keyEnds(bytes: Buffer, end: number): void {
    const text = this.#storedText(bytes, end);
    const key = text === undefined || text.length > longestKey ? undefined : this.#parse(text);
    const { wanted, known } = this.#options;
    this.#key = typeof key === 'string' && wanted.has(key) ? key : undefined;
    if (this.#key !== undefined || (typeof key === 'string' && known?.has(key))) this.#hasKnown = true;
    else this.#hasOther = true;
  }

  #valueEnds(bytes: Buffer, end: number): void {
    if (this.#storing !== 'value' || this.#key === undefined) return;
    const text = this.#storedText(bytes, end);
    this.#valueBytes += text?.length ?? 0;
    if (text === undefined || this.#valueBytes > (this.#options.heldLimit ?? maxKept)) {
      this.#stop('too_large');
      return;
    }
    const value = this.#parse(text);
    if (this.#state === 'begun') this.#fields[this.#key] = value;
    this.#key = undefined;
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      this.#stop('not_json');
      return undefined;
    }
  }

  #stop(state: ReadState): void {
    if (this.#state === 'begun') this.#state = state;
    this.#storing = undefined;
    this.#buffer.clear();
  }
}
