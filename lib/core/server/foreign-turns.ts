import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Slices } from '../metrics/slices.js';

/**
 * Runs work on foreign metrics one piece at a time, in time slices of 5 ms.
 *
 * After each piece of work, it pauses for as long as the work took without its own pauses. So this work uses at most
 * about half of the time of the main thread.
 */
export class ForeignTurns {
  #last: Promise<void> = Promise.resolve();
  #running = 0;
  /** End of the pause, in milliseconds of `performance.now()`. */
  #readyAt = 0;

  /**
   * Runs work after all earlier work and the pause.
   *
   * @param onDelay Called if the work must wait or takes longer than a time slice. It may be called several times.
   */
  async run<Result>(work: (slices: Slices) => Promise<Result>, onDelay: () => void = () => {}): Promise<Result> {
    if (this.#running > 0 || performance.now() < this.#readyAt) onDelay();
    this.#running++;
    const previous = this.#last;
    let end = (): void => {};
    this.#last = new Promise<void>((resolve) => {
      end = resolve;
    });
    await previous;
    const pause = this.#readyAt - performance.now();
    if (pause > 0) await sleep(pause);
    const slices = new Slices(onDelay);
    try {
      return await work(slices);
    } finally {
      this.#running--;
      this.#readyAt = performance.now() + slices.busyMilliseconds;
      end();
    }
  }
}

/** Shared by all metrics servers of this process. */
export const foreignTurns = new ForeignTurns();
