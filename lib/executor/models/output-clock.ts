/** Measures when an answer began to come and how long it was in coming, from the moment it is made on. */
export class OutputClock {
  #first: number | undefined;
  #last = 0;
  readonly #now: () => number;
  readonly #started: number;

  /** @param now Seconds on a clock that never goes back. */
  constructor(now: () => number = () => performance.now() / 1000) {
    this.#now = now;
    this.#started = now();
  }

  /** A piece of the answer has come. */
  piece(): void {
    this.#last = this.#now();
    this.#first ??= this.#last;
  }

  /** The seconds until the first of several pieces; when an answer that came in one piece began cannot be seen. */
  get firstTokenSeconds(): number | undefined {
    return this.#first === undefined || this.#first === this.#last ? undefined : this.#first - this.#started;
  }

  /**
   * The seconds that so many tokens took; undefined when there is nothing to tell by.
   *
   * The first one is taken to have been as long in the making as the others on average: when its making began cannot be
   * seen.
   */
  seconds(tokens: number | undefined): number | undefined {
    const seen = this.#last - (this.#first ?? this.#last);
    return tokens === undefined || tokens < 2 || seen === 0 ? undefined : (seen * tokens) / (tokens - 1);
  }
}
