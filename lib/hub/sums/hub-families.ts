import type { Descriptor, Family, ForeignMetric, ForeignValue, NativeSettings, ReadableSeries } from 'tinyllm/server';
import { readLabels } from '../pushes/label-set.js';
import { MAX_BUCKETS } from '../pushes/read-native.js';
import type { SummedFamily, SummedSeries } from './hub-sums.js';

/** Whether a descriptor can represent the type of a metric. {@link toForeign} converts all other metrics. */
export function isDescribable({ name, type }: SummedFamily): boolean {
  return type === 'gauge' || type === 'histogram' || (type === 'counter' && name.endsWith('_total'));
}

/** Converts a describable metric to the shape of TinyLLM's metrics. */
export function toFamily(family: SummedFamily): Family {
  const { name, type, help, bounds, series } = family;
  const native = nativeSettingsOf(family);
  const descriptor: Descriptor = {
    name,
    help,
    kind: type as 'counter' | 'gauge' | 'histogram',
    unit: /_(seconds|bytes)(_total)?$/.exec(name)?.[1],
    labels: [],
    buckets: bounds,
    aggregation: 'sum',
    ...(native && { native }),
  };
  return { descriptor, series: { [Symbol.iterator]: () => readableSeries(descriptor, series) } };
}

/** The settings of native histograms, if a series of a metric has native buckets. */
export function nativeSettingsOf({ type, series }: SummedFamily): NativeSettings | undefined {
  const native = type === 'histogram' ? series.find((one) => one.native !== undefined)?.native : undefined;
  return native && { schema: native.schema, zeroThreshold: native.zeroThreshold, maxBuckets: MAX_BUCKETS };
}

/** Converts series while they are written, to save memory. */
function* readableSeries(descriptor: Descriptor, series: readonly SummedSeries[]): Generator<ReadableSeries> {
  for (const one of series) yield toReadable(descriptor, one);
}

/** Converts a series of a metric to the shape of the series of TinyLLM's metrics. Missing quantiles are NaN. */
export function toReadable(
  { kind, buckets }: Descriptor,
  { labelText, createdSeconds, numbers, quantiles, native }: SummedSeries,
): ReadableSeries {
  if (kind !== 'summary') {
    const cell = (index: number): number => numbers[index] ?? 0;
    return native === undefined
      ? { labelText, createdSeconds, cell }
      : { labelText, createdSeconds, cell, native: () => native };
  }
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
