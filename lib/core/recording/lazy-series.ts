import type { Series } from '../metrics/series.js';

/** Hands out the series of label values, as an instrument does. */
interface SeriesSource<S extends Series> {
  series(...values: never[]): S;
}

/** A series that comes to be when something is first written to it, and is kept from then on. */
export class LazySeries<S extends Series> {
  #bound: S | undefined;

  constructor(
    private readonly instrument: SeriesSource<S>,
    private readonly values: readonly string[],
  ) {}

  /** The series; one past the cap is looked up each time, which counts it. */
  get(): S {
    return this.#bound ?? this.#find();
  }

  #find(): S {
    const series = this.instrument.series(...(this.values as never[]));
    if (!series.isOverflow) this.#bound = series;
    return series;
  }
}
