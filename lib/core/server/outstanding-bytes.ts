import { performance } from 'node:perf_hooks';

/** A scrape that keeps bytes in memory until they are sent. */
export interface MemoryHolder {
  /** Releases the bytes immediately, because other scrapes need the memory. */
  drop(): void;
}

/** Limits for the bytes that wait to be sent. */
export interface OutstandingLimits {
  /** Maximum bytes; default 64 MiB. */
  readonly bytes?: number;
  /** The time in milliseconds after which a holder counts as slow and can be dropped; default 5,000. */
  readonly slowMilliseconds?: number;
}

/**
 * Counts and limits the bytes of all scrapes that are rendered but not sent.
 *
 * If there is not enough room for a scrape, slow holders are dropped, the oldest first. If there is still not enough
 * room, the request is rejected.
 */
export class OutstandingBytes {
  readonly #limit: number;
  readonly #slowMilliseconds: number;
  /** Start times in milliseconds of `performance.now()`. The oldest holder comes first. */
  readonly #holders = new Map<MemoryHolder, number>();
  #bytes = 0;

  constructor({ bytes = 64 * 1024 * 1024, slowMilliseconds = 5_000 }: OutstandingLimits = {}) {
    this.#limit = bytes;
    this.#slowMilliseconds = slowMilliseconds;
  }

  /** All bytes that are reserved. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a holder, which can be dropped if it is slow. Call the returned function when the holder has ended. */
  addHolder(holder: MemoryHolder): () => void {
    this.#holders.set(holder, performance.now());
    return () => void this.#holders.delete(holder);
  }

  /** Reserves bytes that a scrape does not strictly need, if three quarters of the limit stay free. */
  reserveOptional(bytes: number): boolean {
    if (this.#bytes + bytes > this.#limit / 4) return false;
    this.#bytes += bytes;
    return true;
  }

  /**
   * Reserves bytes. Drops slow holders if there is not enough room. Returns false if there is still not enough.
   *
   * If at most half of the limit is in use, a scrape that needs more than half of the limit is accepted, even if the
   * sum exceeds the limit. So a scrape of any size is accepted if no other scrape waits to be sent.
   *
   * @param own Bytes that the same scrape has already reserved.
   */
  reserve(bytes: number, own = 0): boolean {
    for (const [holder, began] of this.#holders) {
      if (this.#fits(bytes, own) || performance.now() - began < this.#slowMilliseconds) break;
      this.#holders.delete(holder);
      holder.drop();
    }
    if (!this.#fits(bytes, own)) return false;
    this.#bytes += bytes;
    return true;
  }

  /** Releases reserved bytes. */
  release(bytes: number): void {
    this.#bytes -= bytes;
  }

  #fits(bytes: number, own: number): boolean {
    const others = this.#bytes - own;
    return this.#bytes + bytes <= this.#limit || (own + bytes > this.#limit / 2 && others <= this.#limit / 2);
  }
}
