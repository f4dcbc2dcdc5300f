import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a {@link Deadline} waits, and what it says then. */
export interface DeadlineOptions {
  /** Default for ever. */
  readonly seconds?: number | undefined;
  /** The reason the signal is then aborted with, and what is thrown. */
  readonly expired: () => Error;
  /** Ends the work early. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A signal for work that has steps, which is aborted when a step takes too long.
 *
 * cockatiel's timeout aborts without a reason, and what was late would look like what was cancelled.
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

  /** Does a step. Throws what it throws, or that the deadline has passed, also when the step does not heed the signal. */
  async step<Result>(work: () => Promise<Result>): Promise<Result> {
    const { seconds, expired } = this.#options;
    if (seconds === undefined) return work();
    let timer: NodeJS.Timeout | undefined;
    let late: Error | undefined;
    const passed = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(async () => {
        late = expired();
        this.#controller.abort(late);
        // Work that heeds the signal gets the time to end by itself, and is over when its caller goes on.
        await nextTurn();
        reject(late);
      }, seconds * 1000);
    });
    try {
      return await Promise.race([work(), passed]);
    } catch (error) {
      throw late ?? error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Lets go of the caller's signal. */
  end(): void {
    this.#options.signal?.removeEventListener('abort', this.#cancel);
  }
}
