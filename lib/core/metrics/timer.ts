import { performance } from 'node:perf_hooks';
import { isThenable } from './is-thenable.js';

/** Returns the seconds since a fixed moment. Never decreases. */
export type Clock = () => number;

/** The process's monotonic clock. */
export const monotonicClock: Clock = () => performance.now() / 1_000;

/** Measures a duration until `end` is called or a `using` block ends. */
export class Timer implements Disposable {
  readonly #started: number;
  #seconds: number | undefined;

  /** Starts the timer. `onEnd` is called once, with the elapsed seconds. */
  constructor(
    private readonly onEnd: (seconds: number) => void,
    private readonly clock: Clock = monotonicClock,
  ) {
    this.#started = clock();
  }

  /** Stops the timer and returns the elapsed seconds. Later calls return the same value. */
  end(): number {
    if (this.#seconds === undefined) {
      this.#seconds = this.clock() - this.#started;
      this.onEnd(this.#seconds);
    }
    return this.#seconds;
  }

  /** Stops the timer at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.end();
  }

  /** Measures a function until it returns or its promise settles. Returns its result and passes on its errors. */
  during<Result>(work: () => Result): Result {
    try {
      const result = work();
      if (isThenable(result)) return this.#untilSettled(result) as Result;
      this.end();
      return result;
    } catch (error) {
      this.end();
      throw error;
    }
  }

  #untilSettled(result: PromiseLike<unknown>): PromiseLike<unknown> {
    return result.then(
      (value) => {
        this.end();
        return value;
      },
      (error: unknown) => {
        this.end();
        throw error;
      },
    );
  }
}
