/** Returns the index of a value's bucket: the first with an upper bound of at least the value, or one past the last. */
export function bucketOf(bounds: ArrayLike<number>, value: number): number {
  let bucket = 0;
  while (bucket < bounds.length && value > bounds[bucket]!) bucket++;
  return bucket;
}
