import type { Descriptor } from '../metrics/descriptor.js';
import { exemplarsPerSeries } from '../metrics/series.js';
import { histogramValue, summaryValue } from './composite-value.js';
import { formatValue } from './escape.js';
import type { ReadableSeries } from './family.js';
import type { Format } from './format.js';
import { familyName } from './sample-names.js';
import { sampleStart } from './sample-start.js';

/** Writes the samples of one series. The labels are in the form of the scrape. */
export type SeriesWriter = (series: ReadableSeries, labels: string) => string;

/** How to write the series of a metric. */
export interface SeriesWriterOptions {
  /** The name of the metric in the scrape. */
  readonly name: string;
  /** The type of the metric in the scrape: its kind, or `unknown`. */
  readonly type: string;
  readonly format: Format;
  /** Whether to write `_created` samples, if the format has them. */
  readonly created: boolean;
}

/** Creates a function that writes the series of a metric in a text format. */
export function seriesWriter(descriptor: Descriptor, options: SeriesWriterOptions): SeriesWriter {
  const { type, format } = options;
  if (type !== 'histogram' && type !== 'summary') return valueWriter(options);
  if (format.hasCompositeValues) {
    return type === 'histogram' ? histogramLineWriter(descriptor, options) : summaryLineWriter(descriptor, options);
  }
  return type === 'histogram' ? histogramWriter(descriptor, options) : summaryWriter(descriptor, options);
}

/** Writes counters, gauges and info metrics. An info series with the value 0 is omitted. */
function valueWriter(options: SeriesWriterOptions): SeriesWriter {
  const { name, type, format } = options;
  const { bare, open } = sampleStart(name);
  const isCounter = type === 'counter' && (format.hasCompositeValues || familyName(name, type) !== undefined);
  const hasStart = isCounter && format.hasCompositeValues;
  const created = isCounter ? createdWriter(options) : undefined;
  return (series, labels) => {
    const value = series.cell(0);
    if (type === 'info' && value === 0) return '';
    const start = hasStart ? ` st@${series.createdSeconds}` : '';
    const exemplar = isCounter ? exemplarOf(series, 0, format) : '';
    const number = type === 'info' ? 1 : formatValue(value);
    const text = `${labels === '' ? bare : `${open}${labels}} `}${number}${start}${exemplar}\n`;
    return created === undefined ? text : text + created(series, labels);
  };
}

/**
 * Writes histograms. Some formats require sums that never decrease. In these formats, the sum and the count of a
 * histogram with possible negative values are omitted.
 */
function histogramWriter({ buckets }: Descriptor, options: SeriesWriterOptions): SeriesWriter {
  const { name, format } = options;
  const { open } = sampleStart(`${name}_bucket`);
  const totals = totalsWriter(name);
  const bounds = [...buckets, Number.POSITIVE_INFINITY].map((bound) => `le="${format.bound(bound)}"} `);
  const mayFall = buckets[0]! < 0;
  const created = createdWriter(options);
  return (series, labels) => {
    const before = labels === '' ? open : `${open}${labels},`;
    let text = '';
    let count = 0;
    for (let index = 0; index < bounds.length; index++) {
      count += series.cell(index);
      text += `${before}${bounds[index]}${count}${exemplarOf(series, index, format)}\n`;
    }
    const sum = series.cell(bounds.length);
    if (!format.strict || (!mayFall && sum >= 0)) {
      text += totals(labels, sum, count);
    }
    return created === undefined ? text : text + created(series, labels);
  };
}

/** Writes summaries. Formats with strict rules allow no negative numbers and no sums that can decrease. */
function summaryWriter({ buckets }: Descriptor, options: SeriesWriterOptions): SeriesWriter {
  const { name, format } = options;
  const { open } = sampleStart(name);
  const totals = totalsWriter(name);
  const quantiles = buckets.map((quantile) => `quantile="${format.bound(quantile)}"} `);
  const created = createdWriter(options);
  return (series, labels) => {
    const before = labels === '' ? open : `${open}${labels},`;
    let text = '';
    let mayFall = false;
    for (let index = 0; index < quantiles.length; index++) {
      const value = series.cell(index);
      if (value < 0) mayFall = true;
      if (!format.strict || !(value < 0)) text += `${before}${quantiles[index]}${formatValue(value)}\n`;
    }
    const [count, sum] = [series.cell(quantiles.length), series.cell(quantiles.length + 1)];
    if (!format.strict || (!mayFall && sum >= 0)) {
      text += totals(labels, sum, count);
    }
    return created === undefined ? text : text + created(series, labels);
  };
}

/** Returns a function that writes the sum and the count of a series. */
function totalsWriter(name: string): (labels: string, sum: number, count: number) => string {
  const [sumStart, countStart] = [sampleStart(`${name}_sum`), sampleStart(`${name}_count`)];
  return (labels, sum, count) =>
    labels === ''
      ? `${sumStart.bare}${formatValue(sum)}\n${countStart.bare}${count}\n`
      : `${sumStart.open}${labels}} ${formatValue(sum)}\n${countStart.open}${labels}} ${count}\n`;
}

/** Writes the histograms of OpenMetrics 2.0: one line for each series. */
function histogramLineWriter(descriptor: Descriptor, { name, format }: SeriesWriterOptions): SeriesWriter {
  const { bare, open } = sampleStart(name);
  const bounds = [...descriptor.buckets, Number.POSITIVE_INFINITY].map(format.bound);
  const exemplarCount = exemplarsPerSeries(descriptor);
  return (series, labels) => {
    const counts = new Array<number>(bounds.length);
    let count = 0;
    for (let index = 0; index < bounds.length; index++) {
      count += series.cell(index);
      counts[index] = count;
    }
    let exemplars = '';
    for (let index = 0; index < exemplarCount; index++) exemplars += exemplarOf(series, index, format);
    // The cells are read before the native buckets.
    const sum = series.cell(bounds.length);
    const value = histogramValue({ bounds, counts, sum, native: series.native?.() });
    return `${labels === '' ? bare : `${open}${labels}} `}${value} st@${series.createdSeconds}${exemplars}\n`;
  };
}

/** Writes the summaries of OpenMetrics 2.0: one line for each series. */
function summaryLineWriter({ buckets: quantiles }: Descriptor, { name }: SeriesWriterOptions): SeriesWriter {
  const { bare, open } = sampleStart(name);
  return (series, labels) => {
    const values = quantiles.map((_, index) => series.cell(index));
    const [count, sum] = [series.cell(quantiles.length), series.cell(quantiles.length + 1)];
    const value = summaryValue({ quantiles, values, count, sum });
    if (value === undefined) return '';
    return `${labels === '' ? bare : `${open}${labels}} `}${value} st@${series.createdSeconds}\n`;
  };
}

/** Returns a function that writes the `_created` sample of a series. Undefined if the scrape has none. */
function createdWriter({ name, type, format, created }: SeriesWriterOptions): SeriesWriter | undefined {
  if (!created || !format.hasShortNames) return undefined;
  const { bare, open } = sampleStart(`${familyName(name, type)}_created`);
  return ({ createdSeconds }, labels) => `${labels === '' ? bare : `${open}${labels}} `}${createdSeconds}\n`;
}

function exemplarOf(series: ReadableSeries, index: number, format: Format): string {
  const exemplar = format.strict ? series.exemplar?.(index) : undefined;
  return exemplar === undefined ? '' : format.exemplar(exemplar);
}
