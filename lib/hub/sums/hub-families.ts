import type { Descriptor, Family, ForeignMetric, ForeignValue, ReadableSeries } from 'tinyllm/server';
import { readLabels } from '../pushes/label-set.js';
import type { SummedFamily, SummedSeries } from './hub-sums.js';

/** Whether a descriptor can represent the type of a metric. {@link toForeign} converts all other metrics. */
export function isDescribable({ name, type }: SummedFamily): boolean {
  return type === 'gauge' || type === 'histogram' || (type === 'counter' && name.endsWith('_total'));
}

/** Converts a describable metric to the shape of TinyLLM's metrics. */
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
  return { descriptor, series: { [Symbol.iterator]: () => readableSeries(descriptor, series) } };
}

/** Converts series while they are written, to save memory. */
function* readableSeries(descriptor: Descriptor, series: readonly SummedSeries[]): Generator<ReadableSeries> {
  for (const one of series) yield toReadable(descriptor, one);
}

/** Converts a series of a metric to the shape of the series of TinyLLM's metrics. Missing quantiles are NaN. */
export function toReadable(
  { kind, buckets }: Descriptor,
  { labelText, createdSeconds, numbers, quantiles }: SummedSeries,
): ReadableSeries {
  if (kind !== 'summary') return { labelText, createdSeconds, cell: (index) => numbers[index] ?? 0 };
  const cells = [...buckets.map((quantile) => quantiles.get(quantile) ?? Number.NaN), ...numbers];
  return { labelText, createdSeconds, cell: (index) => cells[index] ?? 0 };
}

/** Converts any metric to the shape of prom-client's metrics. */
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
