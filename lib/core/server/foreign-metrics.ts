import { refreshRegistry } from '../aggregation/follow-registry.js';
import { metricFilter } from '../formats/filter.js';
import { writeForeign } from '../formats/foreign.js';
import type { ForeignMetric } from '../formats/foreign-metric.js';
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

/** Writes the metrics the application put in the registry itself, as far as they are asked for. */
export async function foreignText(registry: SharedRegistry, { format, names }: ScrapeQuery): Promise<string> {
  const isAskedFor = metricFilter(names);
  const metrics = registry.foreignMetrics().filter(({ name, metric }) => {
    const { type = 'untyped' } = metric as { readonly type?: string };
    return isAskedFor({ name, type });
  });
  const { text } = await writeForeign(metrics as ForeignMetric[], FORMATS[format], registry.defaultLabels);
  return text;
}
