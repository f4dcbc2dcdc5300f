import type { NativeHistogram } from '../../lib/core/metrics/native/native-histogram.js';
import { countsOf } from './native-model.js';

/** Returns the native histogram of some observations, with exact bucket indexes. */
export function nativeHistogramOf(
  values: readonly number[],
  schema: number,
  zeroThreshold = 2 ** -128,
): NativeHistogram {
  const counts = Object.entries(countsOf(values, schema, zeroThreshold));
  const side = (sign: string) => {
    const buckets = counts
      .filter(([key]) => key.startsWith(sign))
      .map(([key, count]) => [Number(key.slice(1)), count] as const)
      .sort(([one], [other]) => one - other);
    return { indexes: buckets.map(([index]) => index), counts: buckets.map(([, count]) => count) };
  };
  const zeroCount = counts.find(([key]) => key === 'zero')?.[1] ?? 0;
  return { schema, zeroThreshold, zeroCount, positive: side('+'), negative: side('-') };
}
