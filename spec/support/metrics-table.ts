import { catalog } from '../../lib/catalog.js';
import type { MetricOptions } from '../../lib/metrics/descriptor.js';

/** The catalog as README shows it, its columns aligned. */
export function metricsTable(): string {
  const metrics: readonly MetricOptions[] = Object.values(catalog);
  const rows = [
    ['metric', 'kind', 'labels', 'what it says'],
    ...metrics.map((metric) => [nameOf(metric), metric.kind, labelsOf(metric), saidBy(metric)]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [head = '', ...body] = rows.map((row) => lineOf(row.map((cell, at) => cell.padEnd(widths[at] ?? 0))));
  return [head, lineOf(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
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
