const firstSize = 256;
/** So little that it may be kept for what comes next. */
const keptSize = 4_096;
const nothing = Buffer.alloc(0);

/**
 * Bytes that come in pieces, held as one.
 *
 * The pieces are copied: one that was kept would keep the whole of what was read from the network with it, and many small
 * ones would take far more memory than the bytes in them.
 */
export class GatheredBytes {
  #held: Buffer = nothing;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Bytes in memory, with those that are kept for the next pieces. */
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

  /** What has been gathered, as UTF-8; holds nothing afterwards. */
  takeText(): string {
    const text = this.#held.toString('utf8', 0, this.#length);
    this.clear();
    return text;
  }

  /** What has been gathered, as a copy; holds nothing afterwards. */
  takeBytes(): Buffer {
    const bytes = Buffer.from(this.#held.subarray(0, this.#length));
    this.clear();
    return bytes;
  }

  /** Forgets all pieces. */
  clear(): void {
    if (this.#held.length > keptSize) this.#held = nothing;
    this.#length = 0;
  }
}

/** The same bytes, with what a buffer can do. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
