import type { Descriptor, Family, ForeignMetric, ForeignValue, ReadableSeries } from 'tinyllm/server';
import { readLabels } from '../pushes/label-set.js';
import type { SummedFamily, SummedSeries } from './hub-sums.js';

/** Whether a metric's sums are of a kind descriptors know; others are rendered like an application's own metric. */
export function isDescribable({ name, type }: SummedFamily): boolean {
  return type === 'gauge' || type === 'histogram' || (type === 'counter' && name.endsWith('_total'));
}

/** A metric's sums for the writers; it must be describable. */
export function toFamily({ name, type, help, bounds, series }: SummedFamily): Family {
  const descriptor: Descriptor = {
    name,
    help,
    kind: type as 'counter' | 'gauge' | 'histogram',
    unit: /_(seconds|bytes)(_total)?$/.exec(name)?.[1],
    labels: [],
    buckets: bounds,
    aggregation: 'sum',
  };
  return { descriptor, series: { [Symbol.iterator]: () => readableSeries(series) } };
}

/** Made while they are written: all of them together would need as much memory again. */
function* readableSeries(series: readonly SummedSeries[]): Generator<ReadableSeries> {
  for (const one of series) yield toReadable(one);
}

/** A series' sums for the writers. */
export function toReadable({ labelText, createdSeconds, numbers }: SummedSeries): ReadableSeries {
  return { labelText, createdSeconds, cell: (index) => numbers[index] ?? 0 };
}

/** Any metric's sums in the shape prom-client's metrics have. */
export function toForeign({ name, type, help, series }: SummedFamily): ForeignMetric {
  const values = series.flatMap((one) => (type === 'summary' ? summaryValues(name, one) : [singleValue(one)]));
  return { name, metric: { get: () => ({ name, help, type, values }) } };
}

function singleValue({ labelText, numbers: [value = 0] }: SummedSeries): ForeignValue {
  return { labels: labelsOf(labelText), value };
}

function summaryValues(name: string, { labelText, numbers, quantiles }: SummedSeries): ForeignValue[] {
  const labels = labelsOf(labelText);
  const [count = 0, sum = 0] = numbers;
  return [
    ...[...quantiles].map(([quantile, value]) => ({ labels: { ...labels, quantile }, value })),
    { labels, value: sum, metricName: `${name}_sum` },
    { labels, value: count, metricName: `${name}_count` },
  ];
}

function labelsOf(labelText: string): Record<string, string> {
  return Object.fromEntries(readLabels(labelText)?.labels ?? []);
}
