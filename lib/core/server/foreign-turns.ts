import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Slices } from '../metrics/slices.js';

/**
 * Runs work on foreign metrics one at a time, in slices.
 *
 * Between two renders it pauses for as long as the last one kept the event loop, so that scrapes take at most about
 * half of the main thread.
 */
export class ForeignTurns {
  #last: Promise<void> = Promise.resolve();
  #running = 0;
  /** When the pause is over, in milliseconds of `performance.now()`. */
  #readyAt = 0;

  /**
   * Runs work when it is its turn.
   *
   * @param onDelay Called if the work has to wait, or takes longer than a slice; may be called several times.
   */
  async run<Result>(work: (slices: Slices) => Promise<Result>, onDelay: () => void = () => {}): Promise<Result> {
    if (this.#running > 0 || performance.now() < this.#readyAt) onDelay();
    this.#running++;
    const before = this.#last;
    let end = (): void => {};
    this.#last = new Promise<void>((resolve) => {
      end = resolve;
    });
    await before;
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

/** The turns of this process, which all its metrics servers share. */
export const foreignTurns = new ForeignTurns();
