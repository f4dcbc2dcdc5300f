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
