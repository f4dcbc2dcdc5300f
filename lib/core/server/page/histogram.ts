import { addNative, nativeCount } from '../../metrics/native/merge-native.js';
import type { NativeHistogram } from '../../metrics/native/native-histogram.js';
import { nativeQuantile } from '../../metrics/native/native-quantile.js';
import { type Buckets, quantile } from './quantile.js';
import type { Labels, Scrape } from './scrape.js';

/** The observations of one or more series. */
export interface Histogram {
  /** Empty if the scrape has only native buckets. */
  readonly buckets: Buckets;
  /** The native buckets of the series that have them. */
  readonly native?: NativeHistogram | undefined;
}

/** The histogram with this name, summed over all series with matching labels. */
export function histogramOf(scrape: Scrape, name: string, matching: Labels = {}): Histogram {
  const matches = ({ labels }: { readonly labels: Labels }): boolean =>
    Object.entries(matching).every(([label, value]) => labels[label] === value);
  const buckets = new Map<number, number>();
  for (const { labels, value } of scrape.samples(`${name}_bucket`).filter(matches)) {
    const bound = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le);
    buckets.set(bound, (buckets.get(bound) ?? 0) + value);
  }
  const native = scrape
    .samples(name)
    .filter(matches)
    .map((sample) => sample.native)
    .reduce(sumOf, undefined);
  return { buckets, native };
}

/** Adds two histograms. */
export function addHistograms(one: Histogram, other: Histogram): Histogram {
  const buckets = new Map(one.buckets);
  for (const [bound, count] of other.buckets) buckets.set(bound, (buckets.get(bound) ?? 0) + count);
  return { buckets, native: sumOf(one.native, other.native) };
}

/**
 * Returns the native buckets if they contain all observations. `undefined` if some series have only classic buckets, or
 * if there are no native buckets.
 */
export function completeNative({ buckets, native }: Histogram): NativeHistogram | undefined {
  const isComplete = native && (buckets.size === 0 || countOf(buckets) === nativeCount(native));
  return isComplete ? native : undefined;
}

/** Returns the number of observations in classic buckets. */
export function countOf(buckets: Buckets): number {
  return Math.max(0, ...buckets.values());
}

/** Estimates a quantile from native buckets if they are complete, otherwise from classic ones. */
export function histogramQuantile(share: number, histogram: Histogram): number | undefined {
  const native = completeNative(histogram);
  return native === undefined ? quantile(share, histogram.buckets) : nativeQuantile(share, native);
}

function sumOf(one: NativeHistogram | undefined, other: NativeHistogram | undefined): NativeHistogram | undefined {
  return one === undefined || other === undefined ? (one ?? other) : addNative(one, other);
}
