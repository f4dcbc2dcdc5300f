import type { ForeignExemplar, ForeignLabels, OnRepair } from './foreign-values.js';
import { samplesPerYield } from './slices.js';

/** A valid sample of a foreign metric. */
export interface ForeignSample {
  /** The part of the sample's name after the metric's name. */
  readonly suffix: '' | '_bucket' | '_sum' | '_count';
  /** All labels except `le` of a bucket and `quantile` of a summary. */
  readonly labels: ForeignLabels;
  /** The bucket's upper bound, or the quantile. */
  readonly point: number | undefined;
  readonly value: number;
  readonly exemplar?: ForeignExemplar | undefined;
}

/**
 * Sorts the samples of a metric by series, so that each series is contiguous and its buckets are in ascending order.
 *
 * If several samples have the same name and labels, only the first remains. An incomplete or inconsistent series of a
 * histogram is omitted. Yields regularly, so that the work can be divided into slices.
 */
export function* arrangeSamples(
  type: string,
  samples: readonly ForeignSample[],
  onRepair: OnRepair,
): Generator<void, ForeignSample[], void> {
  const allSeries = new Map<string, Map<string, ForeignSample>>();
  for (const [index, sample] of samples.entries()) {
    const key = seriesKey(sample.labels);
    const series = allSeries.get(key) ?? new Map<string, ForeignSample>();
    allSeries.set(key, series);
    const place = `${sample.suffix} ${sample.point}`;
    if (series.has(place)) onRepair();
    else series.set(place, sample);
    if (index % samplesPerYield === 0) yield;
  }
  const arranged: ForeignSample[] = [];
  let count = 0;
  for (const series of allSeries.values()) {
    const inOrder = [...series.values()].sort(byPoint);
    if (type === 'histogram' && !isHistogram(inOrder)) onRepair();
    else for (const sample of inOrder) arranged.push(sample);
    if (count++ % samplesPerYield === 0) yield;
  }
  return arranged;
}

/** Returns a key that is equal for label sets that Prometheus considers equal: in any order, without empty values. */
export function seriesKey(labels: ForeignLabels): string {
  return JSON.stringify([...labels].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Sorts buckets and quantiles first. The sort is stable, so the other samples keep their order. */
function byPoint(a: ForeignSample, b: ForeignSample): number {
  if (a.point === undefined || b.point === undefined)
    return Number(a.point === undefined) - Number(b.point === undefined);
  return a.point === b.point ? 0 : a.point - b.point;
}

/** Whether a series has cumulative buckets up to `+Inf`, and either a matching sum and count or neither of them. */
function isHistogram(series: readonly ForeignSample[]): boolean {
  const buckets = series.filter(({ suffix }) => suffix === '_bucket');
  const last = buckets.at(-1);
  const isCumulative = buckets.every(({ value }, index) => value >= (buckets[index - 1]?.value ?? 0));
  if (last?.point !== Number.POSITIVE_INFINITY || !isCumulative) return false;
  const count = series.find(({ suffix }) => suffix === '_count');
  const hasSum = series.some(({ suffix }) => suffix === '_sum');
  return hasSum === (count !== undefined) && (count === undefined || count.value === last.value);
}
