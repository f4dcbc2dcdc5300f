/** A job of a queue. It waits, then runs, and can be aborted in both states. */
export class QueuedJob {
  readonly #waitingController = new AbortController();
  readonly #runningController = new AbortController();
  readonly #signal: AbortSignal | undefined;
  #isRunning = false;

  /** @param signal The signal that was passed to `add`. */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Aborts when the job is aborted before it has started. */
  get waitingSignal(): AbortSignal {
    return this.#waitingController.signal;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Marks the job as started. Returns a signal that aborts when the running job should end early. */
  start(): AbortSignal {
    this.#isRunning = true;
    return this.#runningController.signal;
  }

  abort(reason: unknown): void {
    (this.#isRunning ? this.#runningController : this.#waitingController).abort(reason);
  }

  /** Stops listening to the caller's signal. Call it once, when the job has ended. */
  end(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => this.abort(this.#signal?.reason);
}
