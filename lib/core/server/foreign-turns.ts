import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Slices } from '../metrics/slices.js';

/**
 * Runs work on foreign metrics one piece at a time, in time slices of 5 ms.
 *
 * A pause of 2 ms separates the slices of a piece of work. After a piece, the next piece waits for as long as all
 * slices of the ended piece took together. So work on foreign metrics uses at most about half of the time of the main
 * thread.
 */
export class ForeignTurns {
  #last: Promise<void> = Promise.resolve();
  #running = 0;
  /** The time at which the next piece of work can start, in milliseconds of `performance.now()`. */
  #readyAt = 0;

  /**
   * Runs a piece of work after all earlier pieces and the pause after the last one.
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
