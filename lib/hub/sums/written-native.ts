import type { NativeHistogram } from 'tinyllm/server';

/** Native buckets in JSON. Most histograms have no negative buckets, so these come last and can be absent. */
export type WrittenNative = readonly [
  schema: number,
  zeroThreshold: number,
  zeroCount: number,
  positiveIndexes: readonly number[],
  positiveCounts: readonly number[],
  negativeIndexes?: readonly number[],
  negativeCounts?: readonly number[],
];

/** Converts native buckets to JSON. */
export function writeNative({ schema, zeroThreshold, zeroCount, positive, negative }: NativeHistogram): WrittenNative {
  const written = [schema, zeroThreshold, zeroCount, positive.indexes, positive.counts] as const;
  return negative.indexes.length === 0 ? written : [...written, negative.indexes, negative.counts];
}

/** Converts native buckets from JSON. */
export function readNative(written: WrittenNative): NativeHistogram {
  const [schema, zeroThreshold, zeroCount, indexes, counts, negativeIndexes = [], negativeCounts = []] = written;
  const negative = { indexes: negativeIndexes, counts: negativeCounts };
  return { schema, zeroThreshold, zeroCount, positive: { indexes, counts }, negative };
}
