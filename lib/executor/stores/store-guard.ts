import { getMetricsCollector } from 'tinyllm';
import { instrumentsOf } from 'tinyllm/recording';
import { StoreError } from '../errors/store-errors.js';

/** Receives the first error of each outage of a store. */
export type StoreProblemListener = (error: StoreError) => void;

/**
 * Runs operations of a store without throwing a `StoreError`. It counts each error and reports the first of each
 * outage.
 */
export class StoreGuard {
  readonly #onProblem: StoreProblemListener;
  #isReported = false;

  constructor(onProblem: StoreProblemListener = () => undefined) {
    this.#onProblem = onProblem;
  }

  /** Returns the result of the work, or undefined if it throws a `StoreError`. Other errors are thrown. */
  async attempt<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await work();
      this.#isReported = false;
      return result;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      instrumentsOf(getMetricsCollector()).storeErrors.series(error.store, error.operation).inc();
      this.#report(error);
      return undefined;
    }
  }

  #report(error: StoreError): void {
    if (this.#isReported) return;
    this.#isReported = true;
    try {
      this.#onProblem(error);
    } catch {
      // An error of the listener must not fail the work.
    }
  }
}
