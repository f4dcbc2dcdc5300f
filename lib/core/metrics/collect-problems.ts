import { TinyLLMError } from '../errors/tinyllm-error.js';
import type { ProblemListener } from './problems.js';

/**
 * The failures of the `collect` functions of a registry's metrics.
 *
 * Listeners are notified when a function fails for the first time, for the first time after it has succeeded, or with
 * another message than before.
 */
export class CollectProblems {
  readonly #listeners = new Set<ProblemListener>();
  /** The reason of the last failure, by metric name. Contains only metrics whose last call failed. */
  readonly #failing = new Map<string, string>();

  /** Adds a listener. Returns a function that removes it. */
  follow(listener: ProblemListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The `collect` of a metric succeeded. */
  succeeded(metric: string): void {
    this.#failing.delete(metric);
  }

  /** The `collect` of a metric failed. */
  failed(metric: string, cause: unknown): void {
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (this.#failing.get(metric) === reason) return;
    this.#failing.set(metric, reason);
    const message = `collect of the metric ${metric} failed: ${reason}. Scrapes contain the last values of the metric.`;
    const error = new TinyLLMError(message, { cause });
    for (const listener of this.#listeners) listener(error);
  }
}
