import type { Reading, SeriesReading } from './reading.js';

/** The increase of counters and histograms from the first to the last of some readings. */
export class Increase {
  /** Time between the first and the last reading, in seconds. */
  readonly seconds: number;
  readonly #readings: readonly Reading[];

  /** @param readings Readings of one endpoint, oldest first. */
  constructor(readings: readonly Reading[]) {
    this.#readings = readings;
    this.seconds = (readings.at(-1)?.at ?? 0) - (readings[0]?.at ?? 0);
  }

  /** The increase of each series of a metric. A decrease counts as a reset to zero between two readings. */
  of(family: string): readonly SeriesReading[] {
    const increases = new Map<
      string,
      { readonly labels: SeriesReading['labels']; readonly values: Map<string, number> }
    >();
    this.#readings.slice(1).forEach((reading, index) => {
      const before = this.#readings[index]?.families.get(family);
      for (const [key, series] of reading.families.get(family) ?? []) {
        const sum = increases.get(key) ?? { labels: series.labels, values: new Map<string, number>() };
        increases.set(key, sum);
        addIncrease(sum.values, series, before?.get(key));
      }
    });
    return [...increases.values()];
  }
}

function addIncrease(sum: Map<string, number>, { values }: SeriesReading, before: SeriesReading | undefined): void {
  // If one value of a histogram decreased, all were reset, although some may be larger again.
  const wasReset = [...values].some(([key, value]) => value < (before?.values.get(key) ?? 0));
  for (const [key, value] of values) {
    const increase = value - (wasReset ? 0 : (before?.values.get(key) ?? 0));
    sum.set(key, (sum.get(key) ?? 0) + increase);
  }
}
