/** Aborts a run after its time limit, or when the caller aborts it. */
export class RunDeadline {
  /** Aborted by the time limit or the caller. `undefined` if there is neither. */
  readonly signal: AbortSignal | undefined;
  readonly #expiry: AbortController | undefined;
  readonly #timer: NodeJS.Timeout | undefined;

  /**
   * @param seconds The time limit; `undefined` for none.
   * @param caller The signal of the caller.
   * @param expired Creates the abort reason when the time limit has passed.
   */
  constructor(seconds: number | undefined, caller: AbortSignal | undefined, expired: (seconds: number) => Error) {
    if (seconds === undefined) {
      this.signal = caller;
      return;
    }
    const expiry = new AbortController();
    this.#expiry = expiry;
    this.#timer = setTimeout(() => expiry.abort(expired(seconds)), seconds * 1000);
    this.signal = caller === undefined ? expiry.signal : AbortSignal.any([caller, expiry.signal]);
  }

  /** Replaces the error of a run by the timeout error if the time limit has passed. */
  reasonFor(error: unknown): unknown {
    return this.#expiry?.signal.aborted === true ? this.#expiry.signal.reason : error;
  }

  /** Clears the timer. Call it when the run has ended. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
