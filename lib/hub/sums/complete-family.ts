import { accumulates, type PushedFamily, type PushedSeries } from '../pushes/pushed-family.js';
import { hasRestarted } from './stored-family.js';

/**
 * In a metric that accumulates, replaces what can't be added by the values of the last push of the same pusher.
 *
 * - A NaN becomes the last number, or 0. So the total doesn't change, and the next valid number counts from the last
 *   valid number.
 * - If a histogram has no native buckets, it gets the last ones, unless the series has restarted since then. So the
 *   next native buckets count from the last ones.
 */
export function completeFamily(
  family: PushedFamily,
  last: ReadonlyMap<string, PushedSeries> | undefined,
): PushedFamily {
  if (!accumulates(family.type)) return family;
  let series: Map<string, PushedSeries> | undefined;
  for (const [key, one] of family.series) {
    const before = last?.get(key);
    const numbered = withNumbers(one, before?.numbers ?? []);
    const complete = family.type === 'histogram' ? withNative(numbered, before) : numbered;
    if (complete === one) continue;
    series ??= new Map(family.series);
    series.set(key, complete);
  }
  return series === undefined ? family : { ...family, series };
}

function withNumbers(series: PushedSeries, before: readonly number[]): PushedSeries {
  if (!series.numbers.some(Number.isNaN)) return series;
  const numbers = series.numbers.map((number, index) => (Number.isNaN(number) ? (before[index] ?? 0) : number));
  return { ...series, numbers };
}

function withNative(series: PushedSeries, before: PushedSeries | undefined): PushedSeries {
  if (series.native !== undefined || before?.native === undefined) return series;
  return hasRestarted('histogram', series, before) ? series : { ...series, native: before.native };
}
