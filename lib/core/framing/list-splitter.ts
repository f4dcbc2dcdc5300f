import { CondensedJson } from './condensed-json.js';

/** Options of a list splitter. */
export interface ListSplitterOptions {
  /** Maximum bytes. A longer object is dropped, and so is an object that is longer than 64 KiB when condensed. */
  readonly longestObject: number;
  /** Called with the text of each object. Long texts are condensed, see `CondensedJson`. */
  readonly onObject: (text: string) => void;
  /** Called once for each dropped object. */
  readonly onDropped: () => void;
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Splits a JSON list into its objects, from bytes in pieces. Stores at most one object. */
export class ListSplitter {
  readonly #options: ListSplitterOptions;
  readonly #buffer = new CondensedJson();
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #isDropping = false;

  constructor(options: ListSplitterOptions) {
    this.#options = options;
  }

  /** Bytes in memory. */
  get heldBytes(): number {
    return this.#buffer.heldBytes;
  }

  push(bytes: Uint8Array): void {
    let start = this.#depth > 0 ? 0 : -1;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (this.#inString) {
        this.#passString(byte);
      } else if (byte === quote) {
        this.#inString = true;
      } else if (byte === openBrace) {
        if (this.#depth === 0) start = at;
        this.#depth++;
      } else if (byte === closeBrace && this.#depth > 0) {
        this.#depth--;
        if (this.#depth === 0) {
          this.#append(bytes.subarray(start, at + 1));
          this.#emit();
          start = -1;
        }
      }
    }
    if (start !== -1) this.#append(bytes.subarray(start));
  }

  #passString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === backslash) this.#isEscaped = true;
    else if (byte === quote) this.#inString = false;
  }

  #append(piece: Uint8Array): void {
    if (this.#isDropping) return;
    if (this.#buffer.rawLength + piece.length <= this.#options.longestObject && this.#buffer.append(piece)) return;
    this.#isDropping = true;
    this.#buffer.clear();
    this.#options.onDropped();
  }

  #emit(): void {
    const text = this.#buffer.takeText();
    if (!this.#isDropping) this.#options.onObject(text);
    this.#isDropping = false;
  }
}
