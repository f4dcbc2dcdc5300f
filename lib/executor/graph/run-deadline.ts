/** Ends a run when its time is up, or when its caller says so. */
export class RunDeadline {
  /** Aborted by either; undefined when neither can happen. */
  readonly signal: AbortSignal | undefined;
  readonly #expiry: AbortController | undefined;
  readonly #timer: NodeJS.Timeout | undefined;

  /** `expired` makes the signal's reason when the seconds have passed; without seconds there is only the caller. */
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

  /** What the run fails with, given what it failed with: once its time is up, that. */
  reasonFor(error: unknown): unknown {
    return this.#expiry?.signal.aborted === true ? this.#expiry.signal.reason : error;
  }

  /** Lets go of the timer. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
