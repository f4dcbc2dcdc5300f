import { asBuffer, GatheredBytes } from './gathered-bytes.js';

/** Texts of up to this many bytes are kept unchanged, because copying them is cheaper than scanning them. */
const shortText = 4 * 1024;
/** Maximum bytes to keep of a string. */
const longestString = 1_024;
/** Maximum members to keep of an outer list or object, such as the choices and the usage counts. */
const outerMembers = 128;
/** Maximum members to keep of an inner list or object. */
const innerMembers = 32;
/** The greatest depth of outer lists and objects. Deeper lists and objects are inner ones. */
const outerDepth = 3;
/** The greatest depth at which members are kept. Deeper lists and objects lose all their members. */
const deepest = 16;

const backslash = 0x5c;
const quote = 0x22;
const comma = 0x2c;
const letterU = 0x75;
const none = 0;
const opens = 1;
const closes = 2;
const separates = 3;
const beginsString = 4;
/** The effect of each byte outside strings. */
const effects = new Uint8Array(256);
for (const text of ['{', '[']) effects[text.charCodeAt(0)] = opens;
for (const text of ['}', ']']) effects[text.charCodeAt(0)] = closes;
effects[comma] = separates;
effects[quote] = beginsString;

/**
 * Stores one JSON text that arrives in pieces, in limited memory. In a text of more than 4 KiB, it truncates long
 * strings, lists and objects. The result is valid JSON if the text is.
 *
 * The readers of responses use only numbers, short names, and whether a text or list is empty. These do not change.
 */
export class CondensedJson {
  readonly #limit: number;
  readonly #kept = new GatheredBytes();
  readonly #members = new Uint8Array(deepest + 1);
  #rawLength = 0;
  /** Whether the text is too long to be kept unchanged. */
  #isLong = false;
  #isFull = false;
  #depth = 0;
  /** The depth of the list or object whose remaining members are skipped; 0 if no members are skipped. */
  #skipped = 0;
  #inString = false;
  #isCut = false;
  #stringLength = 0;
  #isEscaped = false;
  #hexDigits = 0;
  /** Start of the bytes to keep in the current piece; -1 while bytes are skipped. */
  #from = -1;

  /** @param limit Maximum bytes to keep; default 64 KiB. */
  constructor(limit = 64 * 1024) {
    this.#limit = limit;
  }

  /** Bytes added since the last `takeText` or `clear`. */
  get rawLength(): number {
    return this.#rawLength;
  }

  /** Bytes in memory. */
  get heldBytes(): number {
    return this.#kept.capacity;
  }

  /** Adds a piece. Returns false if the condensed text is too long; further pieces are then ignored. */
  append(piece: Uint8Array): boolean {
    this.#rawLength += piece.length;
    if (this.#isFull) return false;
    if (this.#rawLength <= Math.min(shortText, this.#limit)) this.#kept.append(piece);
    else {
      if (!this.#isLong) this.#condenseKept();
      this.#condense(asBuffer(piece));
    }
    return !this.#isFull;
  }

  /** Returns the condensed text and clears it. */
  takeText(): string {
    const text = this.#kept.takeText();
    this.clear();
    return text;
  }

  /** Clears the text. */
  clear(): void {
    this.#kept.clear();
    this.#rawLength = 0;
    this.#isLong = false;
    this.#isFull = false;
    this.#depth = 0;
    this.#skipped = 0;
    this.#inString = false;
    this.#isCut = false;
    this.#isEscaped = false;
    this.#hexDigits = 0;
  }

  /** Condenses the stored beginning of a text that turned out to be long. */
  #condenseKept(): void {
    const beginning = this.#kept.takeBytes();
    this.#isLong = true;
    this.#condense(beginning);
  }

  #condense(bytes: Buffer): void {
    this.#from = this.#skipped > 0 || this.#isCut ? -1 : 0;
    let at = 0;
    while (at < bytes.length) at = this.#inString ? this.#passString(bytes, at) : this.#passOther(bytes, at);
    this.#keepTo(bytes, bytes.length);
  }

  #passOther(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length && effects[bytes[at] as number] === none) at++;
    if (at === bytes.length) return at;
    switch (effects[bytes[at] as number]) {
      case beginsString:
        this.#inString = true;
        this.#stringLength = 0;
        break;
      case opens:
        this.#open(bytes, at);
        break;
      case closes:
        if (this.#skipped === this.#depth && this.#skipped > 0) this.#resume(at);
        if (this.#depth > 0) this.#depth--;
        break;
      default:
        this.#separate(bytes, at);
    }
    return at + 1;
  }

  #open(bytes: Buffer, at: number): void {
    this.#depth++;
    if (this.#skipped > 0) return;
    if (this.#depth > deepest) this.#skip(bytes, at + 1);
    else this.#members[this.#depth] = 1;
  }

  #separate(bytes: Buffer, at: number): void {
    const depth = this.#depth;
    if (this.#skipped > 0 || depth === 0) return;
    const members = (this.#members[depth] as number) + 1;
    if (members > (depth > outerDepth ? innerMembers : outerMembers)) this.#skip(bytes, at);
    else this.#members[depth] = members;
  }

  #skip(bytes: Buffer, end: number): void {
    this.#keepTo(bytes, end);
    this.#skipped = this.#depth;
  }

  #resume(at: number): void {
    this.#skipped = 0;
    this.#from = at;
  }

  /** Reads a string or a part of one. Returns the next position. Never truncates within a character or an escape. */
  #passString(bytes: Buffer, from: number): number {
    const { length } = bytes;
    let at = from;
    for (; at < length; at++) {
      const byte = bytes[at] as number;
      if (this.#isEscaped) {
        this.#isEscaped = false;
        if (byte === letterU) this.#hexDigits = 4;
      } else if (byte === quote) {
        this.#endString(at);
        return at + 1;
      } else if (this.#stringLength >= longestString && this.#hexDigits === 0 && (byte & 0xc0) !== 0x80) {
        if (!this.#isCut && this.#skipped === 0) this.#keepTo(bytes, at);
        this.#isCut = true;
        return this.#skipString(bytes, at);
      } else if (byte === backslash) {
        this.#isEscaped = true;
        this.#hexDigits = 0;
      } else if (this.#hexDigits > 0) this.#hexDigits--;
      this.#stringLength++;
    }
    return at;
  }

  /** Skips the rest of a long string. Returns the next position. */
  #skipString(bytes: Buffer, from: number): number {
    const { length } = bytes;
    let isEscaped = this.#isEscaped;
    let at = from;
    for (; at < length; at++) {
      const byte = bytes[at];
      if (isEscaped) isEscaped = false;
      else if (byte === backslash) isEscaped = true;
      else if (byte === quote) break;
    }
    this.#isEscaped = isEscaped;
    if (at === length) return at;
    this.#endString(at);
    return at + 1;
  }

  #endString(at: number): void {
    this.#inString = false;
    this.#hexDigits = 0;
    if (this.#isCut && this.#skipped === 0) this.#from = at;
    this.#isCut = false;
  }

  /** Keeps the bytes up to a position. Further bytes are skipped until `#from` is set again. */
  #keepTo(bytes: Buffer, end: number): void {
    if (this.#from === -1 || this.#isFull) return;
    const piece = bytes.subarray(this.#from, end);
    this.#from = -1;
    if (this.#kept.length + piece.length <= this.#limit) this.#kept.append(piece);
    else {
      this.#isFull = true;
      this.#kept.clear();
    }
  }
}
