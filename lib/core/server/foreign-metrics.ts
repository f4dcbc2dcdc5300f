import { refreshRegistry } from '../aggregation/follow-registry.js';
import { metricFilter } from '../formats/filter.js';
import { writeForeign } from '../formats/foreign.js';
import type { ForeignMetric } from '../formats/foreign-metric.js';
import { FORMATS } from '../formats/formats.js';
import { repairMetricName } from '../metrics/exposition-names.js';
import { stringOf } from '../metrics/foreign-values.js';
import { ownDescriptors, type SharedRegistry } from '../metrics/shared-registry.js';
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
export function foreignText(registry: SharedRegistry, query: ScrapeQuery, milliseconds?: number): Promise<string> {
  return writeForeignMetrics(foreignMetricsIn(registry), query, { registry, milliseconds });
}

/** How to write foreign metrics. */
export interface WriteForeignMetricsOptions {
  /** Its metrics are part of the same scrape. It counts foreign metrics with problems. */
  readonly registry: SharedRegistry;
  /** How long to wait for each metric; at most and by default 900 ms. */
  readonly milliseconds?: number | undefined;
}

/**
 * Writes the requested ones of the given metrics. Never rejects.
 *
 * Metrics that fail or return something invalid are repaired or omitted. The registry counts each of them once.
 */
export async function writeForeignMetrics(
  metrics: readonly ForeignMetric[],
  { format, names }: ScrapeQuery,
  { registry, milliseconds }: WriteForeignMetricsOptions,
): Promise<string> {
  const isRequested = metricFilter(names);
  const requested = metrics.filter(({ name, metric }) => {
    const exposedName = typeof name === 'string' ? (repairMetricName(name) ?? '') : '';
    return isRequested({ name: exposedName, type: typeOf(metric) });
  });
  const reserved = ownDescriptors(registry).map(({ name, kind }) => ({ name, type: kind }));
  const { defaultLabels } = registry;
  const { text, failed, repaired } = await writeForeign(requested, FORMATS[format], {
    defaultLabels,
    reserved,
    milliseconds,
  });
  registry.countForeignErrors(failed.length + repaired.length);
  return text;
}

function typeOf(metric: ForeignMetric['metric']): string {
  try {
    return stringOf((metric as { readonly type?: unknown }).type) ?? 'untyped';
  } catch {
    return 'untyped';
  }
}
