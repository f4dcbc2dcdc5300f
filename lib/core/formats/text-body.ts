const FIRST_BYTES = 64 * 1_024;
/** Maximum UTF-8 size of a UTF-16 code unit. */
const MAX_BYTES_PER_UNIT = 3;

/**
 * A text that is written in parts, as UTF-8 bytes.
 *
 * V8 stores a string that is joined from many thousand parts as a tree with one object per part. These objects stay in
 * memory until V8 copies the string into one block.
 */
export class TextBody {
  #bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;

  /** The bytes written so far. Valid until the next `write` or `clear`. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  write(text: string): void {
    const needed = this.#length + text.length * MAX_BYTES_PER_UNIT;
    if (needed > this.#bytes.length) this.#grow(needed);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** Number of bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Empties the text and reuses its memory. */
  clear(): void {
    this.#length = 0;
  }

  toString(): string {
    return this.bytes.toString();
  }

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
