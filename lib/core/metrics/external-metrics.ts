import { isCustomMetric, type RegisteredMetric } from './custom/registered-metric.js';

/**
 * The metrics of a registry that are not instruments of TinyLLM, in the order of their registration.
 *
 * The cost of adding and removing a metric does not depend on the number of metrics.
 */
export class ExternalMetrics {
  /** By metric: the number of names under which it is registered. */
  readonly #all = new Map<object, number>();
  readonly #needingThread = new Set<object>();

  get all(): readonly object[] {
    return [...this.#all.keys()];
  }

  /** The metrics whose series are in shared memory. */
  get custom(): readonly RegisteredMetric[] {
    return this.all.filter(isCustomMetric);
  }

  /** Whether scrapes need the application's thread, to read a metric or to update one. */
  get needThread(): boolean {
    return this.#needingThread.size > 0;
  }

  /** Adds a metric under one more name. */
  add(metric: object): void {
    this.#all.set(metric, (this.#all.get(metric) ?? 0) + 1);
    this.check(metric);
  }

  /** Removes one name of a metric. */
  remove(metric: object): void {
    const names = this.#all.get(metric) ?? 0;
    if (names > 1) this.#all.set(metric, names - 1);
    else this.#all.delete(metric);
    this.check(metric);
  }

  clear(): void {
    this.#all.clear();
    this.#needingThread.clear();
  }

  /** Checks again whether a metric needs the application's thread. */
  check(metric: object): void {
    const needsThread = this.#all.has(metric) && (!isCustomMetric(metric) || metric.needsUpdate);
    if (needsThread) this.#needingThread.add(metric);
    else this.#needingThread.delete(metric);
  }
}
