import type { HubFileError } from '../errors/hub-errors.js';

/** Between a failure and the next attempt to write, if no change is made meanwhile. */
const RETRY_MILLISECONDS = 1_000;

/** Whether a file can be written at the moment. After a failure, it is tried again without a change. */
export class WriteRetries {
  #problem: HubFileError | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isDue = false;
  #isStopped = false;

  /** `retry` is called some time after a failure, with {@link isDue} set. */
  constructor(private readonly retry: () => void) {}

  /** The last failure; undefined after a success. */
  get problem(): HubFileError | undefined {
    return this.#problem;
  }

  /** Whether to try to write, even if there is nothing to write. */
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

  /** No retry follows, whatever fails later. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }
}
