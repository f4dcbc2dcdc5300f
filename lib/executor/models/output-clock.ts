/** Measures the time to the first piece of an answer and the duration of its output. It starts when it is created. */
export class OutputClock {
  #first: number | undefined;
  #last = 0;
  readonly #now: () => number;
  readonly #started: number;

  /** @param now Returns the seconds of a monotonic clock. */
  constructor(now: () => number = () => performance.now() / 1000) {
    this.#now = now;
    this.#started = now();
  }

  /** A piece of the answer has arrived. */
  recordPiece(): void {
    this.#last = this.#now();
    this.#first ??= this.#last;
  }

  /**
   * The seconds to the first piece. Undefined if there was only one piece, because the server may have buffered the
   * whole answer.
   */
  get firstTokenSeconds(): number | undefined {
    return this.#first === undefined || this.#first === this.#last ? undefined : this.#first - this.#started;
  }

  /**
   * Estimates the seconds that the output of this number of tokens took. Undefined with fewer than two tokens or
   * pieces.
   *
   * How long the generation of the first token took cannot be observed. It is assumed to equal the average of the other
   * tokens.
   */
  seconds(tokens: number | undefined): number | undefined {
    const observed = this.#last - (this.#first ?? this.#last);
    return tokens === undefined || tokens < 2 || observed === 0 ? undefined : (observed * tokens) / (tokens - 1);
  }
}
