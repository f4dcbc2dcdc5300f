import type { HubFileError } from '../errors/hub-errors.js';

/** Time between a failed write and its retry, if there is no change meanwhile. */
const RETRY_MILLISECONDS = 1_000;

/** Tracks whether a file can be written. After a failure, schedules a retry. */
export class WriteRetries {
  #problem: HubFileError | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isDue = false;
  #isStopped = false;

  /** @param retry Called 1 s after a failure, with {@link isDue} set. */
  constructor(private readonly retry: () => void) {}

  /** The last failure; `undefined` after a success. */
  get problem(): HubFileError | undefined {
    return this.#problem;
  }

  /** Whether to try a write even without changes. */
  get isDue(): boolean {
    return this.#isDue;
  }

  /** Whether {@link stop} was called. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  failed(problem: HubFileError): void {
    this.#problem = problem;
    this.#isDue = false;
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#isDue = true;
      this.retry();
    }, RETRY_MILLISECONDS).unref();
  }

  succeeded(): void {
    this.#problem = undefined;
    this.#isDue = false;
    clearTimeout(this.#timer);
  }

  /** Cancels the scheduled retry. Later failures schedule no retry. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }
}
