import { setImmediate as nextTurn } from 'node:timers/promises';

/** In milliseconds. */
const LONGEST_TURN = 10;

/** Runs asynchronous operations one after the other, in the order in which they were requested. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #lastPause = 0;

  /**
   * Runs an operation after all earlier ones. A failure doesn't affect later operations. Other work of the event loop gets
   * its turn every 10 ms, also if many operations wait.
   */
  take<T>(operation: () => Promise<T> | T): Promise<T> {
    const turn = this.#last.then(() => this.#pause()).then(operation);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #pause(): Promise<void> {
    if (performance.now() - this.#lastPause < LONGEST_TURN) return;
    await nextTurn();
    this.#lastPause = performance.now();
  }
}
