/** Upper bounds of buckets, with how many observations lie at or below each. */
export type Buckets = ReadonlyMap<number, number>;

/**
 * Estimates a quantile from a histogram's cumulative buckets; undefined when nothing was observed.
 *
 * Within a bucket, observations are taken as spread evenly, the first one beginning at 0; what lies in the last one,
 * which has no end, is said to be at its beginning.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function quantile(share: number, buckets: Buckets): number | undefined {
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  const count = sorted.at(-1)?.[1] ?? 0;
  if (!(count > 0)) return undefined;
  const rank = share * count;
  let [lower, below] = [0, 0];
  for (const [bound, atOrBelow] of sorted) {
    if (atOrBelow >= rank) {
      if (bound === Number.POSITIVE_INFINITY) return lower;
      return atOrBelow === below ? bound : lower + ((bound - lower) * (rank - below)) / (atOrBelow - below);
    }
    [lower, below] = [bound, atOrBelow];
  }
  return lower;
}
