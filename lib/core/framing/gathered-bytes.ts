const firstSize = 256;
/** Memory of up to this size is reused for the next bytes. */
const keptSize = 4_096;
const nothing = Buffer.alloc(0);

/**
 * Joins pieces of bytes.
 *
 * The pieces are copied. A stored piece would keep the whole network buffer that contains it in memory, and many small pieces
 * take far more memory than their bytes.
 */
export class GatheredBytes {
  #held: Buffer = nothing;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Size of the memory in use, in bytes, including unused memory for further pieces. */
  get capacity(): number {
    return this.#held.length;
  }

  /** Copies a piece to the end. */
  append(piece: Uint8Array): void {
    const needed = this.#length + piece.length;
    if (needed > this.#held.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(firstSize, needed, 2 * this.#held.length));
      this.#held.copy(grown, 0, 0, this.#length);
      this.#held = grown;
    }
    this.#held.set(piece, this.#length);
    this.#length = needed;
  }

  /** Returns all bytes as UTF-8 text, and clears them. */
  takeText(): string {
    const text = this.#held.toString('utf8', 0, this.#length);
    this.clear();
    return text;
  }

  /** Returns a copy of all bytes, and clears them. */
  takeBytes(): Buffer {
    const bytes = Buffer.from(this.#held.subarray(0, this.#length));
    this.clear();
    return bytes;
  }

  /** Removes all bytes. */
  clear(): void {
    if (this.#held.length > keptSize) this.#held = nothing;
    this.#length = 0;
  }
}

/** A Buffer over the same memory. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
