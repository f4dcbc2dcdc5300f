import { performance } from 'node:perf_hooks';

/** Somebody who keeps bytes in memory until they are sent. */
export interface Holder {
  /** Gives the bytes up at once, because others need the memory. */
  drop(): void;
}

/** How much memory may wait to be sent. */
export interface OutstandingLimits {
  /** Bytes; default 64 MiB. */
  readonly bytes?: number;
  /** A holder that takes longer than this can be dropped; in milliseconds, default 5 s. */
  readonly slowMilliseconds?: number;
}

/**
 * Counts the bytes of all scrapes that are rendered and not sent, and limits them.
 *
 * If there is no room for more, the slowest holders are dropped first. A request that still finds no room is rejected.
 */
export class OutstandingBytes {
  readonly #most: number;
  readonly #slowMilliseconds: number;
  /** When each began, in milliseconds of `performance.now()`; the oldest comes first. */
  readonly #holders = new Map<Holder, number>();
  #bytes = 0;

  constructor({ bytes = 64 * 1024 * 1024, slowMilliseconds = 5_000 }: OutstandingLimits = {}) {
    this.#most = bytes;
    this.#slowMilliseconds = slowMilliseconds;
  }

  /** All bytes that are reserved. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a holder, who can be dropped when it becomes slow; call the returned function when it has ended. */
  enter(holder: Holder): () => void {
    this.#holders.set(holder, performance.now());
    return () => void this.#holders.delete(holder);
  }

  /** Reserves bytes that a scrape can do without, if three quarters of the limit stay free. */
  reserveOptional(bytes: number): boolean {
    if (this.#bytes + bytes > this.#most / 4) return false;
    this.#bytes += bytes;
    return true;
  }

  /**
   * Reserves bytes, and drops slow holders if there is no room otherwise.
   *
   * More bytes than the limit are accepted if less than half of the room is taken: one scrape must always be possible.
   */
  reserve(bytes: number): boolean {
    for (const [holder, began] of this.#holders) {
      if (this.#fits(bytes) || performance.now() - began < this.#slowMilliseconds) break;
      this.#holders.delete(holder);
      holder.drop();
    }
    if (!this.#fits(bytes)) return false;
    this.#bytes += bytes;
    return true;
  }

  /** Gives back reserved bytes. */
  release(bytes: number): void {
    this.#bytes -= bytes;
  }

  #fits(bytes: number): boolean {
    return this.#bytes + bytes <= this.#most || (bytes > this.#most / 2 && this.#bytes <= this.#most / 2);
  }
}
