/** Runs asynchronous operations one after the other, in the order in which they were requested. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs an operation after all earlier ones. A failure doesn't affect later operations. */
  take<T>(operation: () => Promise<T> | T): Promise<T> {
    const turn = this.#last.then(operation);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
