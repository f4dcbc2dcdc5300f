import { performance } from 'node:perf_hooks';

/** Maximum time in which work may block the event loop, in milliseconds. */
const sliceMilliseconds = 5;

/**
 * Pause between two slices, in milliseconds. It lasts several turns of the event loop, because one turn may accept only
 * one connection.
 */
const pauseMilliseconds = 2;

/** Divides long work of the main thread into slices of about 5 ms, with pauses of 2 ms for other work. */
export class Slices {
  readonly #onPause: () => void;
  #started = performance.now();
  #busyMilliseconds = 0;
  #turn: Promise<void> | undefined;

  /** @param onPause Called at each pause. */
  constructor(onPause: () => void = () => {}) {
    this.#onPause = onPause;
  }

  /** How long the work has taken so far without its pauses, in milliseconds. Includes the time in which it waited. */
  get busyMilliseconds(): number {
    return this.#busyMilliseconds + (this.#turn === undefined ? performance.now() - this.#started : 0);
  }

  /** Whether it is time for {@link pause}. */
  get isUsedUp(): boolean {
    return performance.now() - this.#started >= sliceMilliseconds;
  }

  /** Waits 2 ms and then starts a slice. */
  pause(): Promise<void> {
    this.#turn ??= new Promise<void>((resolve) => {
      this.#busyMilliseconds += performance.now() - this.#started;
      setTimeout(() => {
        this.#turn = undefined;
        this.#started = performance.now();
        resolve();
      }, pauseMilliseconds);
    });
    this.#onPause();
    return this.#turn;
  }

  /**
   * Runs work that yields often, with pauses.
   *
   * The first slice of the work runs at once, even if other work has used up the current slice.
   */
  async run<Result>(work: Generator<void, Result, void>): Promise<Result> {
    const started = performance.now();
    for (let hasPaused = false; ; ) {
      const { done, value } = work.next();
      if (done) return value;
      hasPaused ||= performance.now() - started >= sliceMilliseconds;
      while (hasPaused && this.isUsedUp) await this.pause();
    }
  }
}

/** Number of samples that sliced work handles between two yields. */
export const samplesPerYield = 64;
