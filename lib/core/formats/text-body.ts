const FIRST_BYTES = 64 * 1_024;
/** A UTF-16 code unit takes no more in UTF-8. */
const MAX_BYTES_PER_UNIT = 3;

/**
 * A text that is written bit by bit, as the bytes of its UTF-8.
 *
 * One string of many thousand parts would be a rope of as many objects, all alive until it is made flat.
 */
export class TextBody {
  #bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;

  /** What has been written; valid until more is, or until it is cleared. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  write(text: string): void {
    const needed = this.#length + text.length * MAX_BYTES_PER_UNIT;
    if (needed > this.#bytes.length) this.#grow(needed);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** Number of bytes that have been written. */
  get length(): number {
    return this.#length;
  }

  /** Starts again with an empty text, in the same memory. */
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
