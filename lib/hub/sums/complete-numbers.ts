import { accumulates, type PushedFamily, type PushedSeries } from '../pushes/pushed-family.js';

/**
 * In a metric that accumulates, replaces each NaN with the number from the last push of the same pusher, or with 0.
 *
 * A number that can't be added therefore doesn't change a total. The next valid number counts from the last valid
 * number.
 */
export function completeNumbers(
  family: PushedFamily,
  last: ReadonlyMap<string, PushedSeries> | undefined,
): PushedFamily {
  if (!accumulates(family.type)) return family;
  let series: Map<string, PushedSeries> | undefined;
  for (const [key, one] of family.series) {
    if (!one.numbers.some(Number.isNaN)) continue;
    const before = last?.get(key)?.numbers ?? [];
    const numbers = one.numbers.map((number, index) => (Number.isNaN(number) ? (before[index] ?? 0) : number));
    series ??= new Map(family.series);
    series.set(key, { ...one, numbers });
  }
  return series === undefined ? family : { ...family, series };
}
