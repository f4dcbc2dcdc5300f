import { addNative, alignNative, type NativeBuckets, type NativeHistogram, nativeCount } from 'tinyllm/server';
import { withFewBuckets } from '../pushes/read-native.js';

/** A histogram whose native buckets may contain fewer observations than its counts. */
interface Counted {
  /** The counts of the classic buckets, and the sum. */
  readonly numbers: readonly number[];
  readonly native?: NativeHistogram | undefined;
}

/** The values from which the native buckets of a total are computed. */
interface NativeContext {
  /** The total before the push, if there is one. */
  readonly known: { readonly native?: NativeHistogram | undefined } | undefined;
  /** The last values of the same pusher; `undefined` if this is its first push since its start. */
  readonly base: Counted | undefined;
}

/**
 * The native buckets of a total after a push of one series: the buckets of all pushers.
 *
 * If a push has no native buckets, the next one that has them also adds the observations in between. So the native
 * buckets of a pusher never contain more observations than its counts.
 */
export function advancedNative({ native }: Counted, { known, base }: NativeContext): NativeHistogram | undefined {
  if (native === undefined) return known?.native;
  // A total that was removed and starts again must not contain buckets that were counted before.
  if (known === undefined && base !== undefined && !isComplete(base)) return undefined;
  if (known !== undefined && base?.native !== undefined && isSameNative(native, base.native)) return known.native;
  const added = base?.native === undefined ? native : (nativeGrowth(native, base.native) ?? native);
  return withFewBuckets(known?.native === undefined ? added : addNative(known.native, added));
}

/** Whether the native buckets contain all observations. A histogram without observations needs no buckets. */
export function isComplete({ numbers, native }: Counted): boolean {
  const count = numbers.slice(0, -1).reduce((sum, one) => sum + one, 0);
  return count === (native === undefined ? 0 : nativeCount(native)) && Number.isSafeInteger(count);
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

function bucketGrowth(now: NativeBuckets, last: NativeBuckets): NativeBuckets | undefined {
  const growth = { indexes: [] as number[], counts: [] as number[] };
  let position = 0;
  for (let at = 0; at < now.indexes.length; at++) {
    const index = now.indexes[at]!;
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
