import { parseText } from './parse-text.js';

/**
 * A simple model of a metric with the labels `a` and `b`. It stores the recorded values of each series, oldest first.
 */
export class SeriesModel {
  readonly series = new Map<string, number[]>();
  /** The number of lookups that returned the series `other` because of the cap. */
  folded = 0;
  #full = false;

  constructor(readonly cap: number) {}

  /** The recorded values of a series. Once the cap is exceeded, all new series are the series `other`. */
  at(a: string, b: string): number[] {
    const known = this.series.get(keyOf(a, b));
    if (known !== undefined) return known;
    this.#full ||= this.series.size >= this.cap;
    if (!this.#full) return this.#open(keyOf(a, b));
    this.folded++;
    return this.#open(keyOf('other', 'other'));
  }

  #open(key: string): number[] {
    const past = this.series.get(key) ?? [];
    this.series.set(key, past);
    return past;
  }

  /** The samples of a counter with these increments. */
  counterSamples(name: string): [string, number][] {
    return [...this.series].map(([key, past]) => [`${name} ${key}`, sumOf(past)]);
  }

  /** The samples of a gauge with these values. -0 becomes 0. */
  gaugeSamples(name: string): [string, number][] {
    return [...this.series].map(([key, past]) => [`${name} ${key}`, (past.at(-1) ?? 0) + 0]);
  }

  /** The samples of a histogram with these observations. */
  histogramSamples(name: string, buckets: readonly number[]): [string, number][] {
    return [...this.series].flatMap(([key, past]): [string, number][] => [
      ...buckets.map((le): [string, number] => [
        `${name}_bucket ${key} ${le}`,
        past.filter((value) => value <= le).length,
      ]),
      [`${name}_bucket ${key} +Inf`, past.length],
      [`${name}_sum ${key}`, sumOf(past)],
      [`${name}_count ${key}`, past.length],
    ]);
  }
}

/** The samples of a scrape, with the same keys as the samples of the models. */
export function samplesByKey(text: string): Map<string, number> {
  const samples = parseText(text).flatMap((family) => family.samples);
  return new Map(
    samples.map(({ name, labels: { a = '', b = '', le }, value }) => [
      [name, keyOf(a, b), ...(le === undefined ? [] : [le])].join(' '),
      value,
    ]),
  );
}

function keyOf(a: string, b: string): string {
  return JSON.stringify([a, b]);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
