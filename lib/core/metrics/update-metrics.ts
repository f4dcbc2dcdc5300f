import { collectForeign } from './collect-foreign.js';
import type { SharedRegistry } from './shared-registry.js';

/** Which metrics to update, and how. */
export interface UpdateMetricsOptions {
  /** Whether a metric must be updated; default all. */
  readonly isRequested?: (metric: { readonly name: string; readonly type: string }) => boolean;
  /** Timeout for each metric, in milliseconds; default and maximum 900. */
  readonly milliseconds?: number;
}

/**
 * Updates the metrics of a registry in shared memory that have a `collect` function or quantiles, so that a scrape reads current
 * values.
 *
 * A metric keeps its last values if its `collect` fails or takes longer than the timeout. The registry counts such
 * metrics. Never rejects.
 */
export async function updateMetrics(
  registry: SharedRegistry,
  { isRequested = () => true, milliseconds }: UpdateMetricsOptions = {},
): Promise<void> {
  const metrics = registry
    .collectedMetrics()
    .filter(({ name, descriptor }) => isRequested({ name, type: descriptor.kind }));
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
