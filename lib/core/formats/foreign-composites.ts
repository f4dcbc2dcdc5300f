import type { ForeignFamily } from '../metrics/foreign-data.js';
import { type ForeignSample, seriesKey } from '../metrics/foreign-series.js';
import { samplesPerYield } from '../metrics/slices.js';
import { histogramValue, summaryValue } from './composite-value.js';
import { formatValue } from './escape.js';
import type { ForeignLabelText } from './foreign-labels.js';
import type { Format } from './format.js';
import { sampleStart } from './sample-start.js';

/**
 * Writes the histograms and summaries of a foreign metric in OpenMetrics 2.0: one line for each series.
 *
 * A histogram without a sum gets the sum NaN. A summary is omitted if it has no sum or count, or has negative numbers.
 * Yields regularly, so that the work can be divided into slices.
 */
export function* foreignLines(
  { name, type, samples }: ForeignFamily,
  format: Format,
  labelText: ForeignLabelText,
): Generator<void, string, void> {
  const { bare, open } = sampleStart(name);
  let text = '';
  for (const series of yield* groupedBySeries(samples)) {
    const labels = labelText(series[0]!.labels);
    const value = labels === undefined ? undefined : type === 'histogram' ? histogramOf(series) : summaryOf(series);
    if (labels === undefined || value === undefined) continue;
    const exemplars = series.map(({ exemplar }) => (exemplar === undefined ? '' : format.exemplar(exemplar)));
    text += `${labels === '' ? bare : `${open}${labels}} `}${value}${exemplars.join('')}\n`;
  }
  return text;
}

/** The samples of a series are contiguous. */
function* groupedBySeries(samples: readonly ForeignSample[]): Generator<void, ForeignSample[][], void> {
  const groups = new Map<string, ForeignSample[]>();
  for (const [index, sample] of samples.entries()) {
    if (index % samplesPerYield === 0) yield;
    const key = seriesKey(sample.labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [sample]);
    else group.push(sample);
  }
  return [...groups.values()];
}

function histogramOf(series: readonly ForeignSample[]): string {
  const buckets = series.filter(({ suffix }) => suffix === '_bucket');
  return histogramValue({
    bounds: buckets.map(({ point = Number.NaN }) => formatValue(point)),
    counts: buckets.map(({ value }) => value),
    sum: valueWith(series, '_sum'),
  });
}

function summaryOf(series: readonly ForeignSample[]): string | undefined {
  const quantiles = series.filter(({ suffix }) => suffix === '');
  return summaryValue({
    quantiles: quantiles.map(({ point = Number.NaN }) => point),
    values: quantiles.map(({ value }) => value),
    count: valueWith(series, '_count'),
    sum: valueWith(series, '_sum'),
  });
}

function valueWith(series: readonly ForeignSample[], wanted: ForeignSample['suffix']): number {
  return series.find(({ suffix }) => suffix === wanted)?.value ?? Number.NaN;
}
