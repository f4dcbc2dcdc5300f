import { getMetricsCollector } from 'tinyllm';
import { instrumentsOf } from 'tinyllm/recording';
import { StoreError } from '../errors/store-errors.js';

/** Takes what goes wrong with a store, once an outage. */
export type StoreProblemListener = (error: StoreError) => void;

/** Keeps a store's failures from the work that would use it: they are counted, told once an outage, and are no answer. */
export class StoreGuard {
  readonly #onProblem: StoreProblemListener;
  #told = false;

  constructor(onProblem: StoreProblemListener = () => undefined) {
    this.#onProblem = onProblem;
  }

  /** Gives what the work gives, and undefined when it ends in a `StoreError`; any other error is thrown. */
  async attempt<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await work();
      this.#told = false;
      return result;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      instrumentsOf(getMetricsCollector()).storeErrors.series(error.store, error.operation).inc();
      this.#tell(error);
      return undefined;
    }
  }

  #tell(error: StoreError): void {
    if (this.#told) return;
    this.#told = true;
    try {
      this.#onProblem(error);
    } catch {
      // A listener that fails is no reason for the work to fail.
    }
  }
}
