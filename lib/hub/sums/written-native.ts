import type { NativeBuckets, NativeHistogram } from 'tinyllm/server';

/**
 * Native buckets in JSON. Most histograms have no negative buckets, so these come last and can be absent.
 *
 * Spans are pairs of numbers: the gap to the end of the previous span, and the number of consecutive indexes. The first
 * gap is an index. Neighbouring buckets are common, so spans are shorter than indexes.
 */
export type WrittenNative = readonly [
  schema: number,
  zeroThreshold: number,
  zeroCount: number,
  positiveSpans: readonly number[],
  positiveCounts: readonly number[],
  negativeSpans?: readonly number[],
  negativeCounts?: readonly number[],
];

/** Converts native buckets to JSON. */
export function writeNative({ schema, zeroThreshold, zeroCount, positive, negative }: NativeHistogram): WrittenNative {
  const written = [schema, zeroThreshold, zeroCount, spansOf(positive), positive.counts] as const;
  return negative.indexes.length === 0 ? written : [...written, spansOf(negative), negative.counts];
}

/** Converts native buckets from JSON. */
export function readNative(written: WrittenNative): NativeHistogram {
  const [schema, zeroThreshold, zeroCount, spans, counts, negativeSpans = [], negativeCounts = []] = written;
  const positive = { indexes: indexesOf(spans), counts };
  const negative = { indexes: indexesOf(negativeSpans), counts: negativeCounts };
  return { schema, zeroThreshold, zeroCount, positive, negative };
}

function spansOf({ indexes }: NativeBuckets): number[] {
  const spans: number[] = [];
  let next = 0;
  for (const index of indexes) {
    if (index === next && spans.length > 0) spans[spans.length - 1]! += 1;
    else spans.push(index - next, 1);
    next = index + 1;
  }
  return spans;
}

function indexesOf(spans: readonly number[]): number[] {
  const indexes: number[] = [];
  let next = 0;
  for (let at = 0; at < spans.length; at += 2) {
    next += spans[at]!;
    for (const end = next + spans[at + 1]!; next < end; next++) indexes.push(next);
  }
  return indexes;
}
