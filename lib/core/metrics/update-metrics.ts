import { collectForeign } from './collect-foreign.js';
import type { SharedRegistry } from './shared-registry.js';

/** How to update metrics. */
export interface UpdateMetricsOptions {
  /** Timeout for each metric, in milliseconds; default and maximum 900. */
  readonly milliseconds?: number;
}

/**
 * Updates the metrics of a registry in shared memory that have a `collect` function or quantiles, so that a scrape reads
 * current values.
 *
 * Updates all metrics, even if a scrape requests only some of them: a `collect` function can set several metrics. A
 * metric keeps its last values if its `collect` fails or takes longer than the timeout. The registry counts such
 * metrics. Never rejects.
 */
export async function updateMetrics(
  registry: SharedRegistry,
  { milliseconds }: UpdateMetricsOptions = {},
): Promise<void> {
  const metrics = registry.collectedMetrics();
  if (metrics.length === 0) return;
  const updated = await collectForeign(
    metrics.map((metric) => async () => {
      await metric.update();
      return true;
    }),
    { milliseconds, use: () => true },
  );
  registry.countForeignErrors(updated.filter((isUpdated) => isUpdated !== true).length);
}
