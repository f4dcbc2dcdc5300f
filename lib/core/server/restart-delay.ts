/** In milliseconds: the first delay, the longest, and how long what was started must stay up to begin anew. */
const MILLISECONDS = { first: 50, longest: 5_000, steady: 10_000 };

/**
 * How long to wait before something that has crashed is started again: 50 ms at first, doubled at each crash in a row,
 * up to 5 s.
 *
 * A crash after less than 10 s is in a row with the one before, even where it had come as far as to work.
 */
export class RestartDelay {
  #next = MILLISECONDS.first;

  /** The milliseconds to wait after a crash of what had been up for so many. */
  after(upMilliseconds: number): number {
    if (upMilliseconds >= MILLISECONDS.steady) this.#next = MILLISECONDS.first;
    const delay = this.#next;
    this.#next = Math.min(delay * 2, MILLISECONDS.longest);
    return delay;
  }
}
