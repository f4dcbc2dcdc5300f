import { catalog } from '../../lib/catalog.js';
import type { MetricOptions } from '../../lib/metrics/descriptor.js';

/** The catalog as README shows it. */
export function metricsTable(): string {
  const metrics: readonly MetricOptions[] = Object.values(catalog);
  return [
    '| metric | kind | labels | what it says |',
    '|---|---|---|---|',
    ...metrics.map((metric) => `| ${[nameOf(metric), metric.kind, labelsOf(metric), saidBy(metric)].join(' | ')} |`),
  ].join('\n');
}

function nameOf({ name }: MetricOptions): string {
  return `\`${name}\``;
}

function labelsOf({ labels = [] }: MetricOptions): string {
  return labels.map((label) => `\`${label}\``).join(', ') || '–';
}

function saidBy({ help, buckets }: MetricOptions): string {
  if (buckets === undefined) return help;
  return `${help} ${buckets.length} buckets, ${buckets[0]} to ${buckets.at(-1)}.`;
}
