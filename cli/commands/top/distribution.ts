import { addNative, type NativeHistogram, nativeCount, nativeQuantile } from 'tinyllm/server';
import type { SeriesReading } from './reading.js';

/** The sum of some histogram series. */
export class Distribution {
  readonly count: number;
  readonly #sum: number;
  /** Cumulative counts by upper bound, lowest first. */
  readonly #buckets: readonly (readonly [bound: number, count: number])[];
  /** Undefined if some series have only classic buckets. */
  readonly #native: NativeHistogram | undefined;

  constructor(series: readonly SeriesReading[]) {
    const added = new Map<string, number>();
    for (const { values } of series) {
      for (const [key, value] of values) added.set(key, (added.get(key) ?? 0) + value);
    }
    this.count = added.get('count') ?? 0;
    this.#sum = added.get('sum') ?? 0;
    this.#buckets = [...added]
      .filter(([key]) => key !== 'sum' && key !== 'count')
      .map(([key, count]) => [key === '+Inf' ? Number.POSITIVE_INFINITY : Number(key), count] as const)
      .sort(([a], [b]) => a - b);
    const natives = series.flatMap(({ native }) => native ?? []);
    const native = natives.length === 0 ? undefined : natives.reduce(addNative);
    this.#native = native && nativeCount(native) === this.count ? native : undefined;
  }

  /** Undefined without observations. */
  get mean(): number | undefined {
    return this.count > 0 ? this.#sum / this.count : undefined;
  }

  /**
   * Estimates a quantile like PromQL's `histogram_quantile`, from native buckets if all series have them. In a classic
   * bucket, interpolates linearly. Returns the highest finite bound if the quantile is above it, and undefined without
   * observations.
   *
   * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
   *
   * @param share From 0 to 1.
   */
  quantile(share: number): number | undefined {
    if (this.#native !== undefined) return nativeQuantile(share, this.#native);
    const total = this.#buckets.at(-1)?.[1] ?? 0;
    if (total <= 0) return undefined;
    const rank = share * total;
    let lower = 0;
    let below = 0;
    for (const [bound, count] of this.#buckets) {
      if (count >= rank && count > below) {
        return bound === Number.POSITIVE_INFINITY
          ? lower
          : lower + ((bound - lower) * (rank - below)) / (count - below);
      }
      if (bound !== Number.POSITIVE_INFINITY) lower = bound;
      below = count;
    }
    return lower;
  }
}
