import { setImmediate as nextTurn } from 'node:timers/promises';

/** Options of a {@link Deadline}. */
export interface DeadlineOptions {
  /** The time limit of each step, in seconds. Default: no limit. */
  readonly seconds?: number | undefined;
  /** Creates the error for an expired step. `step` throws this error, and the deadline's signal aborts with it. */
  readonly expired: () => Error;
  /** If this signal aborts, the deadline's signal aborts with the reason of this signal. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * An abort signal for work that has steps. It aborts when a step takes too long.
 *
 * cockatiel's timeout is not used because it aborts without a reason: a timeout would look like a cancellation.
 */
export class Deadline {
  readonly #options: DeadlineOptions;
  readonly #controller = new AbortController();
  readonly #cancel = (): void => this.#controller.abort(this.#options.signal?.reason);

  constructor(options: DeadlineOptions) {
    this.#options = options;
    const { signal } = options;
    if (signal?.aborted) this.#cancel();
    else signal?.addEventListener('abort', this.#cancel, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Runs a step. If the step fails, throws the error of the step. After the time limit, throws the `expired` error,
   * even if the step ignores the signal.
   */
  async step<Result>(work: () => Promise<Result>): Promise<Result> {
    const { seconds, expired } = this.#options;
    if (seconds === undefined) return work();
    let timer: NodeJS.Timeout | undefined;
    let timeout: Error | undefined;
    const passed = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(async () => {
        timeout = expired();
        this.#controller.abort(timeout);
        // Gives a step that reacts to the signal one event-loop turn to end before the caller continues.
        await nextTurn();
        reject(timeout);
      }, seconds * 1000);
    });
    try {
      return await Promise.race([work(), passed]);
    } catch (error) {
      throw timeout ?? error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Stops listening to the caller's signal. */
  end(): void {
    this.#options.signal?.removeEventListener('abort', this.#cancel);
  }
}
