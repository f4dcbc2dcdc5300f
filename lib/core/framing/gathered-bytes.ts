const firstSize = 256;
/** A buffer of up to this size is reused for the next bytes. */
const keptSize = 4_096;
const nothing = Buffer.alloc(0);

/**
 * Joins pieces of bytes.
 *
 * The pieces are copied, because a stored piece keeps its whole network buffer in memory. Many small pieces also take
 * far more memory than their bytes.
 */
export class GatheredBytes {
  #buffer: Buffer = nothing;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Size of the buffer in bytes, including unused space for further pieces. */
  get capacity(): number {
    return this.#buffer.length;
  }

  /** Appends a copy of a piece. */
  append(piece: Uint8Array): void {
    const needed = this.#length + piece.length;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(firstSize, needed, 2 * this.#buffer.length));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    this.#buffer.set(piece, this.#length);
    this.#length = needed;
  }

  /** Returns all bytes as UTF-8 text, and clears them. */
  takeText(): string {
    const text = this.#buffer.toString('utf8', 0, this.#length);
    this.clear();
    return text;
  }

  /** Returns a copy of all bytes, and clears them. */
  takeBytes(): Buffer {
    const bytes = Buffer.from(this.#buffer.subarray(0, this.#length));
    this.clear();
    return bytes;
  }

  /** Removes all bytes. */
  clear(): void {
    if (this.#buffer.length > keptSize) this.#buffer = nothing;
    this.#length = 0;
  }
}

/** Returns a Buffer that shares the memory. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
