import { refreshRegistry } from '../aggregation/follow-registry.js';
import { metricFilter } from '../formats/filter.js';
import { writeForeign } from '../formats/foreign.js';
import type { DefaultLabels, ForeignMetric } from '../formats/foreign-metric.js';
import { FORMATS } from '../formats/formats.js';
import type { SharedRegistry } from '../metrics/shared-registry.js';
import type { ScrapeQuery } from './scrape-query.js';
import type { AdditionalMetrics } from './scrape-source.js';

/** The application's own prom-client metrics, for scrapes that are rendered in the application's thread. */
export function foreignMetricsOf(registry: SharedRegistry): AdditionalMetrics {
  return {
    refresh: () => refreshRegistry(registry),
    isThere: (gatherer) => gatherer.hasForeign,
    add: async (families, query) => ({ families, text: await foreignText(registry, query) }),
  };
}

/** The metrics that the application registered with prom-client. */
export function foreignMetricsIn(registry: SharedRegistry): ForeignMetric[] {
  return registry.foreignMetrics() as ForeignMetric[];
}

/** Writes the requested ones of the metrics that the application registered with prom-client. */
export function foreignText(registry: SharedRegistry, query: ScrapeQuery): Promise<string> {
  return writeForeignMetrics(foreignMetricsIn(registry), query, registry.defaultLabels);
}

/** Writes the requested ones of the given metrics. */
export async function writeForeignMetrics(
  metrics: readonly ForeignMetric[],
  { format, names }: ScrapeQuery,
  defaultLabels: DefaultLabels,
): Promise<string> {
  const isRequested = metricFilter(names);
  const requested = metrics.filter(({ name, metric }) => {
    const { type = 'untyped' } = metric as { readonly type?: string };
    return isRequested({ name, type });
  });
  return (await writeForeign(requested, FORMATS[format], defaultLabels)).text;
}
