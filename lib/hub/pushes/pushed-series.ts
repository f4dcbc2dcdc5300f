import { type NativeHistogram, nativeCount } from 'tinyllm/server';
import type { PushedSeries } from './pushed-family.js';
import type { PushContext, StatedFamily, StatedSeries } from './stated-series.js';

/** The largest number that can be added. Larger numbers could make a total overflow. */
const MAX_NUMBER = 1e300;
const NO_QUANTILES: ReadonlyMap<number, number> = new Map();

/** A series with numbers that can be added, and the upper bounds of its buckets. */
interface CheckedSeries {
  readonly series: PushedSeries;
  readonly bounds: readonly number[];
}

const NO_BOUNDS: readonly number[] = [];

/**
 * Converts a series into numbers that can be added.
 *
 * A Pushgateway stores every number, but a hub can't add some of them: NaN, infinity, numbers beyond 1e300, and
 * negative counters and counts. Such a number becomes NaN, and the hub uses the last valid number instead. In a
 * histogram, an invalid bucket gets the cumulative count of the previous bucket, and an invalid count is ignored.
 * Native buckets that are invalid or don't contain all observations are ignored. Each case is reported to `note`.
 */
export function checkSeries(
  stated: StatedSeries,
  { name, type }: Pick<StatedFamily, 'name' | 'type'>,
  { note }: Pick<PushContext, 'note'>,
): CheckedSeries {
  const { labels, place, points, created } = stated;
  const checked = (numbers: readonly number[], bounds = NO_BOUNDS, native?: NativeHistogram): CheckedSeries => {
    const quantiles = type === 'summary' ? points : NO_QUANTILES;
    const series = { key: labels.key, labelText: labels.text, numbers, quantiles, created };
    return { series: native === undefined ? series : { ...series, native }, bounds };
  };
  if (type === 'gauge' || type === 'untyped') return checked([stated.value ?? Number.NaN]);
  const check = (number: number | undefined, what: string, least: number): number => {
    if (number !== undefined && number >= least && number <= MAX_NUMBER) return number;
    const problem = number === undefined ? 'is missing' : `is ${number}, which cannot be added`;
    note(place, `${what} of ${name}{${labels.text}} ${problem}`);
    return Number.NaN;
  };
  switch (type) {
    case 'counter':
      return checked([check(stated.value, 'the value', 0)]);
    case 'summary':
      return checked([check(stated.count, 'the count', 0), check(stated.sum, 'the sum', -MAX_NUMBER)]);
    case 'histogram': {
      const bounds = [...points.keys()].filter((bound) => bound !== Number.POSITIVE_INFINITY).sort((a, b) => a - b);
      const cumulative = bounds.map((bound) => check(points.get(bound), `the bucket ${bound}`, 0));
      const counts = countsOf(cumulative, countOf(stated));
      if (counts.isRepaired) {
        note(place, `the buckets and the count of ${name}{${labels.text}} are inconsistent, and were corrected`);
      }
      const native = nativeOf(stated, counts.own, (problem) => {
        note(place, `the native buckets of ${name}{${labels.text}} are ignored: ${problem}`);
      });
      return checked([...counts.own, check(stated.sum, 'the sum', -MAX_NUMBER)], bounds, native);
    }
  }
}

/**
 * The native buckets, if they contain as many observations as the counts. NaN observations of client_golang are only
 * part of the count, so native buckets of such a series are not usable.
 */
function nativeOf(
  { native: read }: StatedSeries,
  counts: readonly number[],
  ignore: (problem: string) => void,
): NativeHistogram | undefined {
  if (read === undefined) return undefined;
  if ('problem' in read) {
    ignore(read.problem);
    return undefined;
  }
  const [inBuckets, count] = [nativeCount(read.native), counts.reduce((sum, one) => sum + one, 0)];
  if (inBuckets === count && Number.isSafeInteger(count)) return read.native;
  ignore(`they have ${inBuckets} observations, but the count is ${count}`);
  return undefined;
}

/** The count of a histogram: the larger of its bucket `+Inf` and its count, or 0 without both. */
function countOf({ points, count }: StatedSeries): { readonly count: number; readonly isConsistent: boolean } {
  const infinite = points.get(Number.POSITIVE_INFINITY);
  const stated = [infinite, count].filter((one) => one !== undefined);
  const usable = stated.filter((one) => one >= 0 && one <= MAX_NUMBER);
  return { count: Math.max(0, ...usable), isConsistent: usable.length > 0 && new Set(stated).size === 1 };
}

/**
 * Converts cumulative counts to counts per bucket. If a cumulative count is lower than the previous one, the previous
 * one is used instead.
 */
function countsOf(
  cumulative: readonly number[],
  { count, isConsistent }: ReturnType<typeof countOf>,
): { readonly own: readonly number[]; readonly isRepaired: boolean } {
  let isRepaired = !isConsistent;
  let below = 0;
  const own = [...cumulative, count].map((upTo) => {
    if (!(upTo >= below)) {
      isRepaired = true;
      return 0;
    }
    const between = upTo - below;
    below = upTo;
    return between;
  });
  return { own, isRepaired };
}
