import type { PushedSeries } from './pushed-family.js';
import type { StatedContext, StatedFamily, StatedSeries } from './stated-series.js';

/** Larger numbers could make a total overflow. */
const LARGEST = 1e300;
const NO_QUANTILES: ReadonlyMap<number, number> = new Map();

/** A series that the hub can add, and the upper bounds of its buckets. */
interface CheckedSeries {
  readonly series: PushedSeries;
  readonly bounds: readonly number[];
}

const NO_BOUNDS: readonly number[] = [];

/**
 * Converts a series into numbers that can be added.
 *
 * A Pushgateway keeps every number. A sum can't contain some of them: the total of a counter, count or sum ignores NaN,
 * infinity and numbers beyond 1e300, and negative numbers unless they are sums. They become NaN, and the hub uses the
 * last number that it knows. Each such case is noted.
 */
export function checkSeries(
  stated: StatedSeries,
  { name, type }: Pick<StatedFamily, 'name' | 'type'>,
  { note }: Pick<StatedContext, 'note'>,
): CheckedSeries {
  const { labels, place, points, created } = stated;
  const checked = (numbers: readonly number[], bounds = NO_BOUNDS): CheckedSeries => {
    const quantiles = type === 'summary' ? points : NO_QUANTILES;
    return { series: { key: labels.key, labelText: labels.text, numbers, quantiles, created }, bounds };
  };
  if (type === 'gauge' || type === 'untyped') return checked([stated.value ?? Number.NaN]);
  const check = (number: number | undefined, what: string, least: number): number => {
    if (number !== undefined && number >= least && number <= LARGEST) return number;
    const problem = number === undefined ? 'is missing' : `is ${number}, which cannot be added`;
    note(place, `${what} of ${name}{${labels.text}} ${problem}`);
    return Number.NaN;
  };
  switch (type) {
    case 'counter':
      return checked([check(stated.value, 'the value', 0)]);
    case 'summary':
      return checked([check(stated.count, 'the count', 0), check(stated.sum, 'the sum', -LARGEST)]);
    case 'histogram': {
      const bounds = [...points.keys()].filter((bound) => bound !== Number.POSITIVE_INFINITY).sort((a, b) => a - b);
      const cumulative = bounds.map((bound) => check(points.get(bound), `the bucket ${bound}`, 0));
      const counts = countsOf(cumulative, countOf(stated));
      if (counts.isRepaired) note(place, `the buckets and the count of ${name}{${labels.text}} contradict each other`);
      return checked([...counts.own, check(stated.sum, 'the sum', -LARGEST)], bounds);
    }
  }
}

/** The count of a histogram: its bucket `+Inf` or its count, whichever is there and larger; 0 without both. */
function countOf({ points, count }: StatedSeries): { readonly count: number; readonly isConsistent: boolean } {
  const infinite = points.get(Number.POSITIVE_INFINITY);
  const stated = [infinite, count].filter((one) => one !== undefined);
  const usable = stated.filter((one) => one >= 0 && one <= LARGEST);
  return { count: Math.max(0, ...usable), isConsistent: usable.length > 0 && new Set(stated).size === 1 };
}

/** Counts by bucket from cumulative counts. A cumulative count that is too small becomes as large as the one before. */
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
