/** Which bucket a value falls into: the first whose bound is not below it, or one past the last bound. */
export function bucketOf(bounds: ArrayLike<number>, value: number): number {
  let bucket = 0;
  while (bucket < bounds.length && value > bounds[bucket]!) bucket++;
  return bucket;
}
