/**
 * Creates bucket bounds with equal distances.
 *
 * @throws {Error} if `count` is less than 1.
 */
export function linearBuckets(start: number, width: number, count: number): number[] {
  if (count < 1) throw new Error('Linear buckets needs a positive count');
  return Array.from({ length: count }, (_, index) => start + index * width);
}

/**
 * Creates bucket bounds, each of which is the previous one times `factor`.
 *
 * @throws {Error} if `start` is not positive, if `count` is less than 1, or if `factor` is not greater than 1.
 */
export function exponentialBuckets(start: number, factor: number, count: number): number[] {
  if (start <= 0) throw new Error('Exponential buckets needs a positive start');
  if (count < 1) throw new Error('Exponential buckets needs a positive count');
  if (factor <= 1) throw new Error('Exponential buckets needs a factor greater than 1');
  let next = start;
  return Array.from({ length: count }, () => {
    const bound = next;
    next *= factor;
    return bound;
  });
}

/**
 * Returns bucket bounds as numbers, ascending, without repetitions and +Inf.
 *
 * prom-client accepts bounds as strings and in any order. If a bound can't be converted to a number, this function
 * returns only this bound. The constructor of the histogram then throws an error that shows the bound.
 */
export function ascendingBounds(bounds: readonly number[]): number[] {
  const invalid = bounds.filter((bound) => Number.isNaN(Number(bound)));
  if (invalid.length > 0) return invalid.slice(0, 1);
  const numbers = new Set(bounds.map(Number));
  numbers.delete(Number.POSITIVE_INFINITY);
  return [...numbers].sort((one, other) => one - other);
}
