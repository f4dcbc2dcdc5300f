import type { Series } from '../metrics/series.js';

/** A source of series. Its method returns the series with the given label values. Instruments implement this. */
interface SeriesSource<S extends Series> {
  series(...values: never[]): S;
}

/** A series that is created at the first write and then kept. */
export class LazySeries<S extends Series> {
  #bound: S | undefined;

  constructor(
    private readonly instrument: SeriesSource<S>,
    private readonly values: readonly string[],
  ) {}

  /**
   * Returns the series. If it is the overflow series `other`, the series is not kept: each call looks it up again, and
   * the lookup counts the overflow.
   */
  get(): S {
    return this.#bound ?? this.#find();
  }

  #find(): S {
    const series = this.instrument.series(...(this.values as never[]));
    if (!series.isOverflow) this.#bound = series;
    return series;
  }
}
