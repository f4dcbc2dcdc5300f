import { CondensedJson } from './condensed-json.js';

/** What to do with the objects of a list. */
export interface ListSplitterOptions {
  /** In bytes; a longer object is dropped, and so is one that is longer than 64 KiB when condensed. */
  readonly longestObject: number;
  /** An object of the list came, as text; see `CondensedJson` for what long ones lack. */
  readonly onObject: (text: string) => void;
  readonly onDropped: () => void;
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Splits a JSON list into its objects as its bytes arrive; holds no more than one object. */
export class ListSplitter {
  readonly #options: ListSplitterOptions;
  readonly #held = new CondensedJson();
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #isDropping = false;

  constructor(options: ListSplitterOptions) {
    this.#options = options;
  }

  /** Bytes in memory. */
  get heldBytes(): number {
    return this.#held.heldBytes;
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
          this.#hold(bytes.subarray(start, at + 1));
          this.#tell();
          start = -1;
        }
      }
    }
    if (start !== -1) this.#hold(bytes.subarray(start));
  }

  #passString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === backslash) this.#isEscaped = true;
    else if (byte === quote) this.#inString = false;
  }

  #hold(piece: Uint8Array): void {
    if (this.#isDropping) return;
    if (this.#held.rawLength + piece.length <= this.#options.longestObject && this.#held.append(piece)) return;
    this.#isDropping = true;
    this.#held.clear();
    this.#options.onDropped();
  }

  #tell(): void {
    const text = this.#held.takeText();
    if (!this.#isDropping) this.#options.onObject(text);
    this.#isDropping = false;
  }
}
