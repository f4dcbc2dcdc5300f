import { collectForeign } from './collect-foreign.js';
import type { SharedRegistry } from './shared-registry.js';

/** How to update metrics. */
export interface UpdateMetricsOptions {
  /** Timeout for each metric, in milliseconds; default and maximum 900. */
  readonly milliseconds?: number;
}

/**
 * Updates the metrics of a registry in shared memory that have a `collect` function or quantiles. Scrapes then read
 * current values.
 *
 * Updates all metrics, even if a scrape requests only some of them: a `collect` function can set several metrics. A
 * metric keeps its last values if its `collect` fails or takes longer than the timeout. The registry counts such
 * metrics, and notifies the listeners of `collectProblems`. Never rejects.
 */
export async function updateMetrics(
  registry: SharedRegistry,
  { milliseconds }: UpdateMetricsOptions = {},
): Promise<void> {
  const metrics = registry.collectedMetrics();
  if (metrics.length === 0) return;
  const failures = new Map<number, unknown>();
  const updated = await collectForeign(
    metrics.map((metric, index) => async () => {
      try {
        await metric.update();
        return true;
      } catch (error) {
        failures.set(index, error);
        throw error;
      }
    }),
    { milliseconds, use: () => true },
  );
  const { collectProblems } = registry;
  metrics.forEach(({ name }, index) => {
    if (updated[index] === true) collectProblems.succeeded(name);
    else collectProblems.failed(name, failures.has(index) ? failures.get(index) : 'it takes too long');
  });
  registry.countForeignErrors(updated.filter((isUpdated) => isUpdated !== true).length);
}
