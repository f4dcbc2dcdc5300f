import { escapeHelp, escapeLabelValue, formatValue } from './escape.js';
import type { DefaultLabels, Family, ReadableSeries } from './family.js';

/** The content type of the Prometheus text format. */
export const TEXT_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Writes metrics in the Prometheus text format 0.0.4, straight from their cells.
 *
 * A label a series has of its own wins over a default label of that name.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function writeText(families: Iterable<Family>, defaultLabels: DefaultLabels = {}): string {
  let text = '';
  for (const family of families) {
    const { name, help, kind } = family.descriptor;
    text += writeHeader(name, help, kind === 'info' ? 'gauge' : kind);
    const writeSeries = kind === 'histogram' ? writeHistogram : writeSample;
    for (const series of family.allSeries) {
      text += writeSeries(family, series, labelText(family, series, defaultLabels));
    }
  }
  return text;
}

/** The two lines that come before a metric's samples. */
export function writeHeader(name: string, help: string, type: string): string {
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
}

function writeSample({ descriptor }: Family, { page, offset }: ReadableSeries, labels: string): string {
  return `${descriptor.name}${labels && `{${labels}}`} ${formatValue(page[offset] ?? 0)}\n`;
}

function writeHistogram({ descriptor }: Family, { page, offset }: ReadableSeries, labels: string): string {
  const { name, buckets } = descriptor;
  const before = `${name}_bucket{${labels && `${labels},`}le="`;
  let text = '';
  let count = 0;
  for (let index = 0; index < buckets.length; index++) {
    count += page[offset + index] ?? 0;
    text += `${before}${formatValue(buckets[index] ?? 0)}"} ${count}\n`;
  }
  count += page[offset + buckets.length] ?? 0;
  const sum = page[offset + buckets.length + 1] ?? 0;
  const own = labels && `{${labels}}`;
  return `${text}${before}+Inf"} ${count}\n${name}_sum${own} ${formatValue(sum)}\n${name}_count${own} ${count}\n`;
}

function labelText({ descriptor }: Family, { labelValues }: ReadableSeries, defaultLabels: DefaultLabels): string {
  const own = descriptor.labels.map((label, index) => `${label}="${escapeLabelValue(labelValues[index] ?? '')}"`);
  const added = Object.entries(defaultLabels)
    .filter(([label]) => !descriptor.labels.includes(label) && !(descriptor.kind === 'histogram' && label === 'le'))
    .map(([label, value]) => `${label}="${escapeLabelValue(String(value))}"`);
  return [...own, ...added].join(',');
}
