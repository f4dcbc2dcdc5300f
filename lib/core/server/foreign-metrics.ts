import { refreshRegistry } from '../aggregation/follow-registry.js';
import type { ForeignMetric } from '../formats/foreign-metric.js';
import type { SharedRegistry } from '../metrics/shared-registry.js';
import { ForeignRenders, readForQueries, type WriteForeignMetricsOptions } from './foreign-renders.js';
import { foreignTurns } from './foreign-turns.js';
import type { ScrapeQuery } from './scrape-query.js';
import type { AdditionalMetrics } from './scrape-source.js';

const renders = new WeakMap<SharedRegistry, ForeignRenders>();

/**
 * Foreign metrics (prom-client metrics of the application), for scrapes that are rendered in the application's thread.
 */
export function foreignMetricsOf(registry: SharedRegistry): AdditionalMetrics {
  return {
    refresh: () => refreshRegistry(registry),
    isThere: (gatherer) => gatherer.hasForeign,
    add: async (readFamilies, query) => {
      const rest = await foreignContent(registry, query);
      return { families: readFamilies(), rest };
    },
  };
}

/** The metrics that the application registered with prom-client. */
export function foreignMetricsIn(registry: SharedRegistry): ForeignMetric[] {
  return registry.foreignMetrics() as ForeignMetric[];
}

/**
 * Writes the metrics that the application registered with prom-client and that the query selects. Never rejects.
 *
 * Scrapes that wait at the same time share one reading. Readings run one at a time, in time slices of 5 ms with
 * pauses.
 *
 * @param onDelay Called if the reading must wait for earlier readings or takes longer than a time slice. It may be
 * called several times.
 */
export function foreignContent(
  registry: SharedRegistry,
  query: ScrapeQuery,
  onDelay?: () => void,
): Promise<Uint8Array> {
  let shared = renders.get(registry);
  if (shared === undefined) {
    shared = new ForeignRenders(registry);
    renders.set(registry, shared);
  }
  return shared.render(query, onDelay);
}

/**
 * Writes the given metrics that the query selects. Never rejects.
 *
 * Metrics that fail or return invalid data are repaired or omitted. In each call, the registry counts one error for
 * each of these metrics.
 */
export function writeForeignMetrics(
  metrics: readonly ForeignMetric[],
  query: ScrapeQuery,
  options: WriteForeignMetricsOptions,
): Promise<Uint8Array> {
  return foreignTurns.run(async (slices) => {
    const write = await readForQueries(metrics, [query], { ...options, slices });
    return write(query);
  });
}
