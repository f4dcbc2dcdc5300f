import { isUtf8 } from 'node:buffer';
import { refuseAt } from './push-refused.js';

const [TAB, LINE_FEED, SPACE, QUOTE, BACKSLASH, LOWER_N] = [9, 10, 32, 34, 92, 110];
/** Bytes of one line, at most. */
const LONGEST_LINE = 65_536;

/** What a byte can be in a name: 1 a letter or `_`, 2 a digit, 4 a colon. */
const NAME_BYTES = new Uint8Array(256);
for (const letter of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_') NAME_BYTES[letter.charCodeAt(0)] = 1;
for (const digit of '0123456789') NAME_BYTES[digit.charCodeAt(0)] = 2;
NAME_BYTES[':'.charCodeAt(0)] = 4;

/**
 * Reads the tokens of an exposition line by line.
 *
 * Works on bytes: each byte is visited a bounded number of times, and no token keeps the whole push in memory, as
 * slices of one long string would. Only a line feed ends a line.
 */
export class LineCursor {
  readonly #bytes: Buffer;
  #line = 0;
  #start = 0;
  #position = 0;
  #end = -1;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The number of the current line, starting at 1. */
  get line(): number {
    return this.#line;
  }

  /** The bytes of the current line, with its line feed. */
  get size(): number {
    return this.#end + 1 - this.#start;
  }

  /** Whether the current line ends in a line feed. */
  get isTerminated(): boolean {
    return this.#end < this.#bytes.length;
  }

  /** Whether no more bytes follow on the current line. */
  get isAtEnd(): boolean {
    return this.#position >= this.#end;
  }

  /** Whether the current line is valid UTF-8. */
  get isUtf8(): boolean {
    return isUtf8(this.#bytes.subarray(this.#start, this.#end));
  }

  /** The current line, for an error message. */
  get text(): string {
    return this.#bytes.toString('utf8', this.#start, Math.min(this.#end, this.#start + 400));
  }

  /** Goes to the next line. `false` at the end of the push. */
  nextLine(): boolean {
    const start = this.#end + 1;
    if (start >= this.#bytes.length) return false;
    const end = this.#bytes.indexOf(LINE_FEED, start);
    this.#line += 1;
    this.#start = start;
    this.#position = start;
    this.#end = end < 0 ? this.#bytes.length : end;
    const length = this.#end - start;
    if (length > LONGEST_LINE) refuseAt(400, this.#line, `${length} bytes; expected at most ${LONGEST_LINE}`);
    return true;
  }

  skipBlanks(): void {
    while (this.#position < this.#end && isBlank(this.#bytes[this.#position])) this.#position += 1;
  }

  /** Takes one character if it comes next. */
  take(character: string): boolean {
    if (!this.isNext(character)) return false;
    this.#position += 1;
    return true;
  }

  /** Whether a character comes next. */
  isNext(character: string): boolean {
    return this.#position < this.#end && this.#bytes[this.#position] === character.charCodeAt(0);
  }

  /** Whether a blank or the end of the line comes next. */
  isAtBlank(): boolean {
    return this.isAtEnd || isBlank(this.#bytes[this.#position]);
  }

  /** The bytes up to the next blank; empty at a blank. */
  token(): string {
    const start = this.#position;
    while (this.#position < this.#end && !isBlank(this.#bytes[this.#position])) this.#position += 1;
    return this.#bytes.toString('utf8', start, this.#position);
  }

  /** A name of the text format; empty if none comes next. */
  name(mayHaveColons: boolean): string {
    const start = this.#position;
    let allowed = mayHaveColons ? 5 : 1;
    while (this.#position < this.#end && (NAME_BYTES[this.#bytes[this.#position]!]! & allowed) !== 0) {
      allowed |= 2;
      this.#position += 1;
    }
    return this.#bytes.toString('latin1', start, this.#position);
  }

  /** A text in double quotes. `undefined` if the closing quote is missing or an escape is invalid. */
  quoted(): string | undefined {
    if (!this.take('"')) return undefined;
    const start = this.#position;
    let end = start;
    while (end < this.#end && this.#bytes[end] !== QUOTE) end += this.#bytes[end] === BACKSLASH ? 2 : 1;
    if (end >= this.#end) return undefined;
    this.#position = end + 1;
    return this.#unescape(start, end);
  }

  /** The rest of the line as it is. */
  rest(): string {
    const start = this.#position;
    this.#position = this.#end;
    return this.#bytes.toString('utf8', start, this.#end);
  }

  /** The rest of the line without its escapes. `undefined` if an escape is invalid. */
  unescapedRest(): string | undefined {
    const start = this.#position;
    this.#position = this.#end;
    return this.#unescape(start, this.#end);
  }

  /** Replaces `\\`, `\"` and `\n`. */
  #unescape(start: number, end: number): string | undefined {
    const bytes = this.#bytes;
    const first = bytes.subarray(start, end).indexOf(BACKSLASH);
    if (first < 0) return bytes.toString('utf8', start, end);
    const target = Buffer.allocUnsafe(end - start);
    let length = bytes.copy(target, 0, start, start + first);
    for (let index = start + first; index < end; index += 1) {
      let byte = bytes[index]!;
      if (byte === BACKSLASH) {
        index += 1;
        byte = index < end ? bytes[index]! : 0;
        if (byte === LOWER_N) byte = LINE_FEED;
        else if (byte !== BACKSLASH && byte !== QUOTE) return undefined;
      }
      target[length] = byte;
      length += 1;
    }
    return target.toString('utf8', 0, length);
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}
