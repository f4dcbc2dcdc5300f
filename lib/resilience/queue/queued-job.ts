/** A job on its way through a queue: it waits, then it runs, and can be aborted in either. */
export class QueuedJob {
  readonly #leaving = new AbortController();
  readonly #stopping = new AbortController();
  readonly #signal: AbortSignal | undefined;
  #runs = false;

  /** The signal of whoever put the job there, if there is one. */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Aborted when the job is to leave the queue before it has started, and never after that. */
  get leaving(): AbortSignal {
    return this.#leaving.signal;
  }

  get runs(): boolean {
    return this.#runs;
  }

  /** Marks the job as started; the signal it returns is aborted when the job is to end early. */
  start(): AbortSignal {
    this.#runs = true;
    return this.#stopping.signal;
  }

  abort(reason: unknown): void {
    (this.#runs ? this.#stopping : this.#leaving).abort(reason);
  }

  /** To be called once, when nothing can happen to the job any more. */
  end(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => this.abort(this.#signal?.reason);
}
