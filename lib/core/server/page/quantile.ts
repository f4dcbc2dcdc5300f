/** Maps the upper bound of each bucket to the number of observations at or below it. */
export type Buckets = ReadonlyMap<number, number>;

/**
 * Estimates a quantile from the cumulative buckets of a histogram; `undefined` if there are no observations.
 *
 * Assumes that observations are distributed evenly within a bucket, and that the first bucket starts at 0. A quantile
 * in the last bucket, which has no upper bound, is estimated as its lower bound.
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
