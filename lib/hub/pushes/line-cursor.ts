import { isAscii, isUtf8 } from 'node:buffer';
import { rejectAt } from './push-refused.js';

const [TAB, LINE_FEED, SPACE, QUOTE, BACKSLASH, LOWER_N] = [9, 10, 32, 34, 92, 110];
/** Maximum bytes of one line. */
const MAX_LINE_BYTES = 65_536;

/** The class of each character in a name: 1 for a letter or `_`, 2 for a digit, 4 for a colon. */
const NAME_CHARACTERS = new Uint8Array(128);
for (const letter of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_') NAME_CHARACTERS[letter.charCodeAt(0)] = 1;
for (const digit of '0123456789') NAME_CHARACTERS[digit.charCodeAt(0)] = 2;
NAME_CHARACTERS[':'.charCodeAt(0)] = 4;

/**
 * Reads the tokens of an exposition line by line.
 *
 * Each character is visited a bounded number of times. Each line is decoded into its own string. A token is a slice of
 * that string, so it keeps at most one line in memory, and not the complete push. Only a line feed ends a line.
 */
export class LineCursor {
  readonly #bytes: Buffer;
  readonly #encoding: 'latin1' | 'utf8';
  #line = 0;
  #start = 0;
  #end = -1;
  #text = '';
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#encoding = isAscii(bytes) ? 'latin1' : 'utf8';
  }

  /** The number of the current line, starting at 1. */
  get line(): number {
    return this.#line;
  }

  /** The current line, without its line feed. */
  get text(): string {
    return this.#text;
  }

  /** The bytes of the current line, with its line feed. */
  get size(): number {
    return this.#end + 1 - this.#start;
  }

  /** Whether the current line ends in a line feed. */
  get isTerminated(): boolean {
    return this.#end < this.#bytes.length;
  }

  /** Whether the current line is valid UTF-8. */
  get isUtf8(): boolean {
    return isUtf8(this.#bytes.subarray(this.#start, this.#end));
  }

  /** Whether no more characters follow on the current line. */
  get isAtEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  /** Whether the next character is a blank, or the line ends. */
  get isAtBlank(): boolean {
    return this.isAtEnd || isBlank(this.#text.charCodeAt(this.#position));
  }

  /** Moves to the next line. Returns `false` at the end of the push. */
  nextLine(): boolean {
    const start = this.#end + 1;
    if (start >= this.#bytes.length) return false;
    const end = this.#bytes[start] === LINE_FEED ? start : this.#bytes.indexOf(LINE_FEED, start);
    this.#line += 1;
    this.#start = start;
    this.#end = end < 0 ? this.#bytes.length : end;
    const length = this.#end - start;
    if (length > MAX_LINE_BYTES) rejectAt(400, this.#line, `${length} bytes; expected at most ${MAX_LINE_BYTES}`);
    this.#text = length === 0 ? '' : this.#bytes.toString(this.#encoding, start, this.#end);
    this.#position = 0;
    return true;
  }

  skipBlanks(): void {
    while (isBlank(this.#text.charCodeAt(this.#position))) this.#position += 1;
  }

  /** Whether the next character is this character. */
  isNext(character: string): boolean {
    return this.#text[this.#position] === character;
  }

  /** Consumes a character if it is the next one. Returns whether it was. */
  take(character: string): boolean {
    if (!this.isNext(character)) return false;
    this.#position += 1;
    return true;
  }

  /** Reads the characters up to the next blank. Returns an empty string at a blank. */
  token(): string {
    const start = this.#position;
    while (!this.isAtBlank) this.#position += 1;
    return this.#text.slice(start, this.#position);
  }

  /** Reads a name of the text format. Returns an empty string if there is none. */
  name(mayHaveColons: boolean): string {
    const text = this.#text;
    const start = this.#position;
    let position = start;
    let allowed = mayHaveColons ? 5 : 1;
    while (((NAME_CHARACTERS[text.charCodeAt(position)] ?? 0) & allowed) !== 0) {
      allowed |= 2;
      position += 1;
    }
    this.#position = position;
    return text.slice(start, position);
  }

  /** Reads a text in double quotes. Returns `undefined` if the closing quote is missing or an escape is invalid. */
  quoted(): string | undefined {
    if (!this.take('"')) return undefined;
    const text = this.#text;
    const start = this.#position;
    let hasEscapes = false;
    for (let end = start; end < text.length; end += 1) {
      const code = text.charCodeAt(end);
      if (code === BACKSLASH) {
        hasEscapes = true;
        end += 1;
      } else if (code === QUOTE) {
        this.#position = end + 1;
        const content = text.slice(start, end);
        return hasEscapes ? withoutEscapes(content) : content;
      }
    }
    return undefined;
  }

  /** Reads the rest of the line. */
  rest(): string {
    const rest = this.#text.slice(this.#position);
    this.#position = this.#text.length;
    return rest;
  }

  /** Reads the rest of the line and replaces escapes. Returns `undefined` if an escape is invalid. */
  unescapedRest(): string | undefined {
    const rest = this.rest();
    return rest.includes('\\') ? withoutEscapes(rest) : rest;
  }
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** Replaces the escapes `\\`, `\"` and `\n`. Returns `undefined` if an escape is invalid. */
function withoutEscapes(text: string): string | undefined {
  const codes = new Uint16Array(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    let code = text.charCodeAt(index);
    if (code === BACKSLASH) {
      index += 1;
      code = text.charCodeAt(index);
      if (code === LOWER_N) code = LINE_FEED;
      else if (code !== BACKSLASH && code !== QUOTE) return undefined;
    }
    codes[length] = code;
    length += 1;
  }
  return Buffer.from(codes.buffer, 0, 2 * length).toString('utf16le');
}
