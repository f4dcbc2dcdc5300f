import { catalog } from '../../lib/core/catalog/catalog.js';
import type { MetricOptions } from '../../lib/core/metrics/descriptor.js';
import { markdownTable } from './documents.js';

/** The metrics that the README shows. */
const first: readonly MetricOptions[] = [
  catalog.requests,
  catalog.requestLatency,
  catalog.activeRequests,
  catalog.errors,
  catalog.inputTokens,
  catalog.outputTokens,
  catalog.timeToFirstToken,
  catalog.nodeDuration,
  catalog.graphExecutions,
  catalog.circuitBreakerState,
];

/** The table of all metrics, or of the ten metrics that the README shows. */
export function metricsTable(which: 'all' | 'first' = 'all'): string {
  const metrics: readonly MetricOptions[] = which === 'first' ? first : Object.values(catalog);
  return markdownTable([
    ['metric', 'kind', 'labels', 'description'],
    ...metrics.map((metric) => [nameOf(metric), metric.kind, labelsOf(metric), descriptionOf(metric)]),
  ]);
}

function nameOf({ name }: MetricOptions): string {
  return `\`${name}\``;
}

function labelsOf({ labels = [] }: MetricOptions): string {
  return labels.map((label) => `\`${label}\``).join(', ') || '–';
}

function descriptionOf({ help, buckets }: MetricOptions): string {
  if (buckets === undefined) return help;
  return `${help} ${buckets.length} buckets, ${buckets[0]} to ${buckets.at(-1)}.`;
}
