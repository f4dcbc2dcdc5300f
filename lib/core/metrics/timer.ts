import { performance } from 'node:perf_hooks';
import { isThenable } from './is-thenable.js';

/** Seconds since some fixed moment; never goes back. */
export type Clock = () => number;

/** The process's monotonic clock. */
export const monotonicClock: Clock = () => performance.now() / 1_000;

/** Something being timed, ended by hand or at the end of a `using` block. */
export class Timer implements Disposable {
  readonly #started: number;
  #seconds: number | undefined;

  /** Starts now; `onEnd` is called once, with the seconds that have passed. */
  constructor(
    private readonly onEnd: (seconds: number) => void,
    private readonly clock: Clock = monotonicClock,
  ) {
    this.#started = clock();
  }

  /** Ends the timing and returns the seconds it took; later calls return the same. */
  end(): number {
    if (this.#seconds === undefined) {
      this.#seconds = this.clock() - this.#started;
      this.onEnd(this.#seconds);
    }
    return this.#seconds;
  }

  /** Ends the timing at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.end();
  }

  /** Times a function until it returns or its promise settles; hands on what it gives or throws. */
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
