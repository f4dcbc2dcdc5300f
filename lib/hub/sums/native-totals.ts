import { addNative, alignNative, type NativeBuckets, type NativeHistogram, nativeCount } from 'tinyllm/server';
import type { PushedSeries } from '../pushes/pushed-family.js';
import { withFewBuckets } from '../pushes/read-native.js';
import type { ExactNumber } from './exact-number.js';

/** The parts of a total that the native buckets depend on. */
interface NativeContext {
  /** The total before the push, if there is one. */
  readonly known: { readonly sums: readonly ExactNumber[]; readonly native?: NativeHistogram | undefined } | undefined;
  /** The last push of the same pusher; `undefined` if it is the first one since its start. */
  readonly base: Pick<PushedSeries, 'numbers' | 'native'> | undefined;
}

/**
 * The native buckets of a total after a push of one series.
 *
 * Returns `undefined` if they would not contain all observations of the total, because some observations were pushed
 * without native buckets. From then on, the total has no native buckets. The same applies to totals above 2^53 - 1.
 */
export function advancedNative(
  series: Pick<PushedSeries, 'numbers' | 'native'>,
  { known, base }: NativeContext,
): NativeHistogram | undefined {
  if (known !== undefined && known.native === undefined && known.sums.slice(0, -1).some((sum) => sum !== 0)) {
    return undefined;
  }
  const before = known?.native;
  const added = addedBuckets(series, base);
  if (added === 'nothing') return before;
  if (added === 'unknown') return undefined;
  const total = before === undefined ? added : addNative(before, added);
  return Number.isSafeInteger(nativeCount(total)) ? withFewBuckets(total) : undefined;
}

/**
 * The buckets that a pusher has added since its last push, with the lower resolution of both pushes.
 *
 * Returns `undefined` if the count of a bucket has decreased.
 */
export function nativeGrowth(now: NativeHistogram, last: NativeHistogram): NativeHistogram | undefined {
  const [some, others] = alignNative(now, last);
  const zeroCount = some.zeroCount - others.zeroCount;
  const positive = bucketGrowth(some.positive, others.positive);
  const negative = bucketGrowth(some.negative, others.negative);
  if (zeroCount < 0 || positive === undefined || negative === undefined) return undefined;
  return { schema: some.schema, zeroThreshold: some.zeroThreshold, zeroCount, positive, negative };
}

/** Whether two native histograms have the same buckets and counts. */
export function isSameNative(one: NativeHistogram | undefined, other: NativeHistogram | undefined): boolean {
  if (one === undefined || other === undefined || one === other) return one === other;
  return (
    one.schema === other.schema &&
    one.zeroThreshold === other.zeroThreshold &&
    one.zeroCount === other.zeroCount &&
    areSameBuckets(one.positive, other.positive) &&
    areSameBuckets(one.negative, other.negative)
  );
}

/** The observations since the last push: `unknown` if the buckets of some of them are not known. */
function addedBuckets(
  { numbers, native }: Pick<PushedSeries, 'numbers' | 'native'>,
  base: NativeContext['base'],
): NativeHistogram | 'nothing' | 'unknown' {
  const isEmpty = (counts: readonly number[]): boolean => counts.slice(0, -1).every((count) => count === 0);
  if (base === undefined || isEmpty(base.numbers)) return native ?? (isEmpty(numbers) ? 'nothing' : 'unknown');
  if (native !== undefined && base.native !== undefined) return nativeGrowth(native, base.native) ?? 'unknown';
  const isUnchanged = numbers.slice(0, -1).every((count, index) => count === base.numbers[index]);
  return isUnchanged ? 'nothing' : 'unknown';
}

function bucketGrowth(now: NativeBuckets, last: NativeBuckets): NativeBuckets | undefined {
  const growth = { indexes: [] as number[], counts: [] as number[] };
  let position = 0;
  for (const [at, index] of now.indexes.entries()) {
    const lastIndex = last.indexes[position];
    // A bucket that has disappeared has decreased to 0.
    if (lastIndex !== undefined && lastIndex < index) return undefined;
    const count = now.counts[at]! - (lastIndex === index ? last.counts[position++]! : 0);
    if (count < 0) return undefined;
    if (count === 0) continue;
    growth.indexes.push(index);
    growth.counts.push(count);
  }
  return position === last.indexes.length ? growth : undefined;
}

function areSameBuckets(one: NativeBuckets, other: NativeBuckets): boolean {
  return (
    one.indexes.length === other.indexes.length &&
    one.indexes.every((index, at) => index === other.indexes[at] && one.counts[at] === other.counts[at])
  );
}
