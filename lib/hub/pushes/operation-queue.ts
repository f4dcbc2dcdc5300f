import { setImmediate as nextTurn } from 'node:timers/promises';

/** Time after which other work of the event loop can run. */
const MAX_TURN_MILLISECONDS = 10;

/** Runs asynchronous operations one after the other, in the order of the calls. */
export class OperationQueue {
  #last: Promise<unknown> = Promise.resolve();
  #lastPause = 0;

  /**
   * Runs an operation after all earlier ones. A failure doesn't affect later operations. Other work of the event loop
   * can run every 10 ms, even if many operations wait.
   */
  run<T>(operation: () => Promise<T> | T): Promise<T> {
    const turn = this.#last.then(() => this.#pause()).then(operation);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #pause(): Promise<void> {
    if (performance.now() - this.#lastPause < MAX_TURN_MILLISECONDS) return;
    await nextTurn();
    this.#lastPause = performance.now();
  }
}
