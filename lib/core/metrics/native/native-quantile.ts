import { upperBound } from './bucket-index.js';
import { nativeCount } from './merge-native.js';
import type { NativeBuckets, NativeHistogram } from './native-histogram.js';

/** The exponent of 2 that is just outside the range of doubles. */
const OVERFLOW_EXPONENT = 1_024;

/** A bucket with its lower and upper bound. The bounds of negative buckets are negative. */
interface Bucket {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

/**
 * Estimates a quantile of a native histogram like PromQL's `histogram_quantile`; `undefined` without observations.
 *
 * Interpolates exponentially within a bucket, and linearly within the zero bucket. If all other observations have the
 * same sign, the zero bucket is assumed to contain only numbers of this sign. Above 0.5, counts from the highest
 * bucket. Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 *
 * @param share From 0 to 1.
 */
export function nativeQuantile(share: number, histogram: NativeHistogram): number | undefined {
  const total = nativeCount(histogram);
  if (!(total > 0)) return undefined;
  const ascends = share < 0.5;
  const buckets = bucketsOf(histogram);
  if (!ascends) buckets.reverse();
  const rank = (ascends ? share : 1 - share) * total;
  let passed = 0;
  for (const bucket of buckets) {
    passed += bucket.count;
    if (passed < rank) continue;
    return interpolated(bucket, (ascends ? rank - passed + bucket.count : passed - rank) / bucket.count);
  }
  // Only reached if the sum of the counts is rounded.
  return buckets.at(-1)?.upper;
}

function interpolated({ lower, upper }: Bucket, fraction: number): number {
  if (lower <= 0 && upper >= 0) return lower + (upper - lower) * fraction;
  const [low, high] = [Math.log2(Math.abs(lower)), Math.log2(Math.abs(upper))];
  return lower > 0 ? 2 ** (low + (high - low) * fraction) : -(2 ** (high + (low - high) * (1 - fraction)));
}

/** Returns the buckets that contain observations, lowest first. */
function bucketsOf({ schema, zeroThreshold, zeroCount, positive, negative }: NativeHistogram): Bucket[] {
  const below = absoluteBuckets(schema, zeroThreshold, negative);
  const above = absoluteBuckets(schema, zeroThreshold, positive);
  const zero: Bucket = {
    lower: below.length === 0 && above.length > 0 ? 0 : -zeroThreshold,
    upper: above.length === 0 && below.length > 0 ? 0 : zeroThreshold,
    count: zeroCount,
  };
  return [
    ...below.reverse().map(({ lower, upper, count }) => ({ lower: -upper, upper: -lower, count })),
    ...(zeroCount > 0 ? [zero] : []),
    ...above,
  ];
}

/** Returns the buckets of one sign with the bounds of absolute values. They do not overlap with the zero bucket. */
function absoluteBuckets(schema: number, zeroThreshold: number, { indexes, counts }: NativeBuckets): Bucket[] {
  return indexes.map((index, position) => ({
    lower: Math.max(zeroThreshold, boundOf(schema, index - 1)),
    upper: boundOf(schema, index),
    count: counts[position] ?? 0,
  }));
}

/** Returns the upper bound of a bucket. The last bucket below infinity ends at the largest double. */
function boundOf(schema: number, index: number): number {
  return index * 2 ** -schema === OVERFLOW_EXPONENT ? Number.MAX_VALUE : upperBound(schema, index);
}
