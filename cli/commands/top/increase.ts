import type { Reading, SeriesReading } from './reading.js';

/** What counters and histograms grew by, from the first to the last of some readings. */
export class Increase {
  /** How long that took, in seconds. */
  readonly seconds: number;
  readonly #readings: readonly Reading[];

  /** @param readings Of one endpoint, oldest first. */
  constructor(readings: readonly Reading[]) {
    this.#readings = readings;
    this.seconds = (readings.at(-1)?.at ?? 0) - (readings[0]?.at ?? 0);
  }

  /** The series of a metric with what each grew by; one that went down was set back to zero in between. */
  of(family: string): readonly SeriesReading[] {
    const grown = new Map<string, { readonly labels: SeriesReading['labels']; readonly values: Map<string, number> }>();
    this.#readings.slice(1).forEach((reading, index) => {
      const before = this.#readings[index]?.families.get(family);
      for (const [key, series] of reading.families.get(family) ?? []) {
        const sum = grown.get(key) ?? { labels: series.labels, values: new Map<string, number>() };
        grown.set(key, sum);
        addGrowth(sum.values, series, before?.get(key));
      }
    });
    return [...grown.values()];
  }
}

function addGrowth(sum: Map<string, number>, { values }: SeriesReading, before: SeriesReading | undefined): void {
  // A histogram starts anew as a whole: some of its buckets may have caught up already.
  const isAnew = [...values].some(([key, value]) => value < (before?.values.get(key) ?? 0));
  for (const [key, value] of values) {
    const growth = value - (isAnew ? 0 : (before?.values.get(key) ?? 0));
    sum.set(key, (sum.get(key) ?? 0) + growth);
  }
}
