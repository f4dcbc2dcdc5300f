import { addNative, type NativeHistogram, nativeIncrease } from 'tinyllm/server';
import type { Reading, SeriesReading } from './reading.js';

/** A series whose values are still being added up. */
interface GrowingSeries {
  readonly labels: SeriesReading['labels'];
  readonly values: Map<string, number>;
  native?: NativeHistogram;
}

/** The increase of counters and histograms from the first to the last of some readings. */
export class Increase {
  /** Time between the first and the last reading, in seconds. */
  readonly seconds: number;
  readonly #readings: readonly Reading[];
  readonly #increases = new Map<string, readonly SeriesReading[]>();

  /** @param readings Readings of one endpoint, oldest first. */
  constructor(readings: readonly Reading[]) {
    this.#readings = readings;
    this.seconds = (readings.at(-1)?.at ?? 0) - (readings[0]?.at ?? 0);
  }

  /**
   * The increase of each series of a metric.
   *
   * A later start or a decrease counts as a reset to zero between two readings.
   */
  of(family: string): readonly SeriesReading[] {
    const known = this.#increases.get(family) ?? this.#compute(family);
    this.#increases.set(family, known);
    return known;
  }

  #compute(family: string): readonly SeriesReading[] {
    const increases = new Map<string, GrowingSeries>();
    this.#readings.slice(1).forEach((reading, index) => {
      const before = this.#readings[index]?.families.get(family);
      for (const [key, series] of reading.families.get(family) ?? []) {
        const sum = increases.get(key) ?? { labels: series.labels, values: new Map() };
        increases.set(key, sum);
        addIncrease(sum, series, before?.get(key));
      }
    });
    return [...increases.values()];
  }
}

function addIncrease(sum: GrowingSeries, series: SeriesReading, earlier: SeriesReading | undefined): void {
  const { values, native } = series;
  const grown = native && earlier?.native && nativeIncrease(native, earlier.native);
  // If one value of a histogram decreased, all were reset, although some may be larger again.
  const wasReset =
    startOf(series) > startOf(earlier) ||
    [...values].some(([key, value]) => value < (earlier?.values.get(key) ?? 0)) ||
    (native !== undefined && earlier?.native !== undefined && grown === undefined);
  for (const [key, value] of values) {
    const increase = value - (wasReset ? 0 : (earlier?.values.get(key) ?? 0));
    sum.values.set(key, (sum.values.get(key) ?? 0) + increase);
  }
  const added = wasReset ? native : (grown ?? native);
  if (added !== undefined) sum.native = sum.native === undefined ? added : addNative(sum.native, added);
}

/** Without a start timestamp, only a decrease indicates a reset. */
function startOf(series: SeriesReading | undefined): number {
  return series?.start ?? Number.NaN;
}
