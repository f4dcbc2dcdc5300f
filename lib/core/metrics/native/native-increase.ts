import { addNative } from './merge-native.js';
import type { NativeBuckets, NativeHistogram } from './native-histogram.js';

/**
 * Returns the observations since an earlier state of a native histogram, with the lower resolution of both states.
 *
 * Returns `undefined` if the count of a bucket has decreased. Then, the histogram has started again at zero.
 */
export function nativeIncrease(current: NativeHistogram, earlier: NativeHistogram): NativeHistogram | undefined {
  const difference = addNative(current, {
    ...earlier,
    zeroCount: -earlier.zeroCount,
    positive: negated(earlier.positive),
    negative: negated(earlier.negative),
  });
  const { zeroCount, positive, negative } = difference;
  if (zeroCount < 0 || [positive, negative].some(({ counts }) => counts.some((count) => count < 0))) return undefined;
  return { ...difference, positive: withoutEmpty(positive), negative: withoutEmpty(negative) };
}

function negated({ indexes, counts }: NativeBuckets): NativeBuckets {
  return { indexes, counts: counts.map((count) => -count) };
}

function withoutEmpty({ indexes, counts }: NativeBuckets): NativeBuckets {
  return {
    indexes: indexes.filter((_, position) => counts[position] !== 0),
    counts: counts.filter((count) => count !== 0),
  };
}
