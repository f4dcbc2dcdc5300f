import { CondensedJson } from './condensed-json.js';
import { asBuffer } from './gathered-bytes.js';

/** Which of an object's fields are held. */
export interface TopLevelFieldsOptions {
  readonly wanted: ReadonlySet<string>;
  /** Fields that are known but not held; default none. */
  readonly known?: ReadonlySet<string> | undefined;
  /** In bytes; what comes after is not read. */
  readonly limit: number;
  /** In bytes, of all values that are held, without the ends of long strings and lists; default 64 KiB. */
  readonly heldLimit?: number | undefined;
}

/** How far an object was read: to its end, not yet so far, not beyond the limit, or it is none. */
export type ReadState = 'whole' | 'begun' | 'too_large' | 'not_json';

/** Longer than any wanted key, escapes and quotes included. */
const longestKey = 256;
const mostHeld = 64 * 1024;
/** In bytes; longer values are condensed. */
const shortValue = 1_024;
/** An estimate of how much more memory the values of a JSON text take than the text. */
const memoryFactor = 8;

const backslash = 0x5c;
const quote = 0x22;
const colon = 0x3a;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const marks = [quote, colon, comma, openBrace, closeBrace, openBracket, closeBracket];
/** By byte: 1 where something begins or ends. */
const isMark = Uint8Array.from({ length: 256 }, (_, byte) => (marks.includes(byte) ? 1 : 0));
/** By byte: how much deeper it leads. */
const deeper = Int8Array.from({ length: 256 }, (_, byte) => {
  if (byte === openBrace || byte === openBracket) return 1;
  return byte === closeBrace || byte === closeBracket ? -1 : 0;
});
/** What may stand before the object: white space, and the bytes of a byte order mark. */
const leading: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);

/**
 * Reads some fields of the JSON object that a body is, as it comes, and holds nothing else of it.
 *
 * So a body with images or vectors in it costs neither memory nor a long pause. Long values lose the end of their
 * strings and lists. It is no validator: of what is passed over, only quotes and brackets are looked at.
 */
export class TopLevelFields {
  readonly #options: TopLevelFieldsOptions;
  readonly #fields: Record<string, unknown> = {};
  readonly #held: CondensedJson;
  /** In bytes, of the values in `#fields`. */
  #valueBytes = 0;
  #state: ReadState = 'begun';
  #hasKnown = false;
  #hasOther = false;
  #read = 0;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  /** What is being held: a key, the value of `#key`, or nothing. */
  #holding: 'key' | 'value' | undefined;
  /** Where in the piece that is read the held begins. */
  #heldFrom = 0;
  #expectsKey = true;
  #key: string | undefined;

  constructor(options: TopLevelFieldsOptions) {
    this.#options = options;
    this.#held = new CondensedJson(options.heldLimit ?? mostHeld);
  }

  /** Bytes in memory, about. */
  get heldBytes(): number {
    return this.#held.heldBytes + memoryFactor * this.#valueBytes;
  }

  /** The fields that have been read; the last of those that are there twice. */
  get fields(): Readonly<Record<string, unknown>> {
    return this.#fields;
  }

  /** Whether the object has fields, but none that is wanted or known. */
  get isUnknown(): boolean {
    return this.#hasOther && !this.#hasKnown;
  }

  get state(): ReadState {
    return this.#state;
  }

  /** Gives how far it has been read now. */
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
    this.#heldFrom = at;
    while (at < length && this.#state === 'begun') {
      if (this.#inString) {
        at = this.#skipString(bytes, at);
        if (!this.#inString && this.#holding === 'key') this.#keyEnds(bytes, at);
      } else if (this.#depth > 1) {
        at = this.#skipInner(bytes, at);
      } else {
        if (isMark[bytes[at] as number] === 1) this.#mark(bytes, at);
        at++;
      }
    }
    if (this.#holding !== undefined) this.#hold(bytes.subarray(this.#heldFrom));
  }

  /** Finds the beginning of the object, and gives where to go on. */
  #enter(bytes: Buffer): number {
    const start = bytes.findIndex((byte) => !leading.has(byte));
    if (start === -1) return bytes.length;
    if (bytes[start] === openBrace) this.#depth = 1;
    else this.#stop('not_json');
    return start + 1;
  }

  /** Something of the object itself begins or ends. */
  #mark(bytes: Buffer, at: number): void {
    switch (bytes[at]) {
      case quote:
        this.#inString = true;
        if (this.#expectsKey) this.#holdFrom('key', at);
        break;
      case colon:
        if (!this.#expectsKey) break;
        this.#expectsKey = false;
        if (this.#key !== undefined) this.#holdFrom('value', at + 1);
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

  /** Passes over an inner object or list, to its end or the next string in it, and gives where to go on. */
  #skipInner(bytes: Buffer, from: number): number {
    const { length } = bytes;
    let depth = this.#depth;
    let at = from;
    while (at < length && depth > 1 && bytes[at] !== quote) {
      depth += deeper[bytes[at] as number] as number;
      at++;
    }
    this.#depth = depth;
    if (at === length || depth === 1) return at;
    this.#inString = true;
    return at + 1;
  }

  /** Passes over the rest of a string, and gives where to go on. */
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

  #holdFrom(what: 'key' | 'value', at: number): void {
    this.#holding = what;
    this.#heldFrom = at;
  }

  #hold(bytes: Buffer): void {
    if (!this.#held.append(bytes) && this.#holding === 'value') this.#stop('too_large');
  }

  /** What is held, as it ends: mostly it is whole in the piece that is read. Undefined if it is too long. */
  #heldText(bytes: Buffer, end: number): string | undefined {
    const from = this.#heldFrom;
    this.#holding = undefined;
    if (this.#held.rawLength === 0 && end - from <= shortValue) return bytes.toString('utf8', from, end);
    const fits = this.#held.append(bytes.subarray(from, end));
    const text = this.#held.takeText();
    return fits ? text : undefined;
  }

  #keyEnds(bytes: Buffer, end: number): void {
    const text = this.#heldText(bytes, end);
    const key = text === undefined || text.length > longestKey ? undefined : this.#parse(text);
    const { wanted, known } = this.#options;
    this.#key = typeof key === 'string' && wanted.has(key) ? key : undefined;
    if (this.#key !== undefined || (typeof key === 'string' && known?.has(key))) this.#hasKnown = true;
    else this.#hasOther = true;
  }

  #valueEnds(bytes: Buffer, end: number): void {
    if (this.#holding !== 'value' || this.#key === undefined) return;
    const text = this.#heldText(bytes, end);
    this.#valueBytes += text?.length ?? 0;
    if (text === undefined || this.#valueBytes > (this.#options.heldLimit ?? mostHeld)) {
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
    this.#holding = undefined;
    this.#held.clear();
  }
}
