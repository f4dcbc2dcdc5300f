import { upperBound } from './bucket-index.js';
import type { NativeBuckets, NativeHistogram } from './native-histogram.js';

const NO_BUCKETS: NativeBuckets = { indexes: [], counts: [] };

/** Returns a native histogram without observations. */
export function emptyNative({ schema, zeroThreshold }: Pick<NativeHistogram, 'schema' | 'zeroThreshold'>) {
  return { schema, zeroThreshold, zeroCount: 0, positive: NO_BUCKETS, negative: NO_BUCKETS } satisfies NativeHistogram;
}

/** Returns the number of observations in all buckets. */
export function nativeCount({ zeroCount, positive, negative }: NativeHistogram): number {
  const add = (sum: number, count: number): number => sum + count;
  return negative.counts.reduce(add, positive.counts.reduce(add, zeroCount));
}

/**
 * Adds two native histograms. The result has the lower resolution of both.
 *
 * The zero bucket of the result is the larger one of both. If other buckets overlap with it, they become part of it.
 */
export function addNative(one: NativeHistogram, other: NativeHistogram): NativeHistogram {
  const [some, others] = alignNative(one, other);
  return {
    schema: some.schema,
    zeroThreshold: some.zeroThreshold,
    zeroCount: some.zeroCount + others.zeroCount,
    positive: addBuckets(some.positive, others.positive),
    negative: addBuckets(some.negative, others.negative),
  };
}

/**
 * Returns two native histograms with the same resolution and the same zero bucket, so that their counts are comparable.
 */
export function alignNative(one: NativeHistogram, other: NativeHistogram): [NativeHistogram, NativeHistogram] {
  const schema = Math.min(one.schema, other.schema);
  return withEqualZeroBuckets(withSchema(one, schema), withSchema(other, schema));
}

/** Returns a histogram with the given resolution, which must not be higher than the resolution of the histogram. */
export function withSchema(histogram: NativeHistogram, schema: number): NativeHistogram {
  const shift = histogram.schema - schema;
  if (shift === 0) return histogram;
  const { positive, negative } = histogram;
  return { ...histogram, schema, positive: widened(positive, shift), negative: widened(negative, shift) };
}

function widened({ indexes, counts }: NativeBuckets, shift: number): NativeBuckets {
  return merged(
    indexes.map((index) => ((index - 1) >> shift) + 1),
    counts,
  );
}

/** Adds the counts of equal indexes. The indexes must be in ascending order. */
function merged(indexes: readonly number[], counts: readonly number[]): NativeBuckets {
  const result = { indexes: [] as number[], counts: [] as number[] };
  indexes.forEach((index, position) => {
    const last = result.indexes.length - 1;
    if (last >= 0 && result.indexes[last] === index) result.counts[last]! += counts[position]!;
    else {
      result.indexes.push(index);
      result.counts.push(counts[position]!);
    }
  });
  return result;
}

function addBuckets(some: NativeBuckets, others: NativeBuckets): NativeBuckets {
  if (others.indexes.length === 0) return some;
  if (some.indexes.length === 0) return others;
  const result = { indexes: [] as number[], counts: [] as number[] };
  const [length, otherLength] = [some.indexes.length, others.indexes.length];
  // A hub adds millions of buckets in one push, so the loop allocates nothing.
  for (let one = 0, other = 0; one < length || other < otherLength; ) {
    const index = one < length ? some.indexes[one]! : Number.POSITIVE_INFINITY;
    const otherIndex = other < otherLength ? others.indexes[other]! : Number.POSITIVE_INFINITY;
    result.indexes.push(Math.min(index, otherIndex));
    let count = 0;
    if (index <= otherIndex) count += some.counts[one++]!;
    if (otherIndex <= index) count += others.counts[other++]!;
    result.counts.push(count);
  }
  return result;
}

/**
 * Widens the zero bucket of the histogram with the smaller one. If a bucket with observations then contains the new
 * threshold, both zero buckets grow up to the end of this bucket.
 */
function withEqualZeroBuckets(one: NativeHistogram, other: NativeHistogram): [NativeHistogram, NativeHistogram] {
  let [some, others] = [one, other];
  while (some.zeroThreshold !== others.zeroThreshold) {
    if (some.zeroThreshold < others.zeroThreshold) some = withZeroThreshold(some, others.zeroThreshold);
    else others = withZeroThreshold(others, some.zeroThreshold);
  }
  return [some, others];
}

function withZeroThreshold(histogram: NativeHistogram, threshold: number): NativeHistogram {
  const { schema, positive, negative } = histogram;
  let zeroThreshold = threshold;
  for (const { indexes } of [positive, negative]) {
    const last = indexes.findLast((index) => upperBound(schema, index - 1) < threshold);
    // The last bucket below infinity ends at the largest double, so that the threshold stays finite.
    if (last !== undefined) {
      zeroThreshold = Math.max(zeroThreshold, Math.min(upperBound(schema, last), Number.MAX_VALUE));
    }
  }
  const rest = [positive, negative].map(({ indexes, counts }) => {
    const first = indexes.findIndex((index) => upperBound(schema, index - 1) >= zeroThreshold);
    const cut = first < 0 ? indexes.length : first;
    const moved = counts.slice(0, cut).reduce((sum, count) => sum + count, 0);
    return { buckets: { indexes: indexes.slice(cut), counts: counts.slice(cut) }, moved };
  });
  const [above, below] = rest as [(typeof rest)[number], (typeof rest)[number]];
  return {
    ...{ schema, zeroThreshold, zeroCount: histogram.zeroCount + above.moved + below.moved },
    ...{ positive: above.buckets, negative: below.buckets },
  };
}
