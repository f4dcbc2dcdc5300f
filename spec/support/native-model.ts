import type { NativeHistogram } from '../../lib/core/metrics/native/native-histogram.js';

/** A native histogram as counts by bucket: `zero`, `+3` for a positive bucket and `-3` for a negative one. */
export type BucketCounts = Readonly<Record<string, number>>;

/** The fraction and the exponent of a double: the value is `fraction * 2^exponent`. */
function exactParts(value: number): { fraction: bigint; exponent: number } {
  let exponent = 0;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    exponent--;
  }
  return { fraction: BigInt(scaled), exponent };
}

/**
 * Whether a positive number is at most `2^(index * 2^-schema)`, computed with whole numbers of any size.
 *
 * For schemas from 0, both sides are raised to the power `2^schema`.
 */
export function isAtMostBound(value: number, schema: number, index: number): boolean {
  const { fraction, exponent } = exactParts(value);
  const power = schema > 0 ? 2 ** schema : 1;
  const bound = schema > 0 ? index : index * 2 ** -schema;
  // fraction^power * 2^(exponent * power) <= 2^bound
  const shift = bound - exponent * power;
  return shift >= 0 && fraction ** BigInt(power) <= 1n << BigInt(shift);
}

/** Returns the bucket of an observation by a search with exact comparisons. */
export function exactIndex(value: number, schema: number): number {
  let index = Math.ceil(Math.log2(value) * 2 ** schema);
  while (!isAtMostBound(value, schema, index)) index++;
  while (isAtMostBound(value, schema, index - 1)) index--;
  return index;
}

/** The buckets of observations at a resolution. */
export function countsOf(values: readonly number[], schema: number, zeroThreshold = 2 ** -128): BucketCounts {
  const counts: Record<string, number> = {};
  for (const value of values) {
    const size = Math.abs(value);
    const key = size <= zeroThreshold ? 'zero' : `${value < 0 ? '-' : '+'}${exactIndex(size, schema)}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The buckets of a native histogram. */
export function countsIn({ zeroCount, positive, negative }: NativeHistogram): BucketCounts {
  const counts: Record<string, number> = zeroCount === 0 ? {} : { zero: zeroCount };
  positive.indexes.forEach((index, at) => {
    counts[`+${index}`] = positive.counts[at]!;
  });
  negative.indexes.forEach((index, at) => {
    counts[`-${index}`] = negative.counts[at]!;
  });
  return counts;
}
