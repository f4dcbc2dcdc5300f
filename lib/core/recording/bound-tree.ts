import { LabelTree } from '../metrics/label-tree.js';
import { MAX_LABEL_VALUE_LENGTH } from '../metrics/label-value.js';
import type { CallSeries } from './call-series.js';

/** The series of calls, by label values. */
export class BoundTree<Series extends CallSeries> {
  readonly #tree = new LabelTree<Series>();

  constructor(private readonly create: (values: readonly string[]) => Series) {}

  /** Returns the series with these label values. Creates it if it is not in the tree. */
  bind(values: readonly string[]): Series {
    return this.#tree.find(values) ?? this.add(values);
  }

  /** Returns the series with these label values, or undefined if it is not in the tree. */
  find(values: readonly string[]): Series | undefined {
    return this.#tree.find(values);
  }

  /** Creates the series with these label values. The tree must not contain it. */
  add(values: readonly string[]): Series {
    const series = this.create(values);
    if (this.#mayKeep(series, values)) this.#tree.add(values, series);
    return series;
  }

  /**
   * Whether a series may stay in the tree. Series past the limit are looked up each time, to count them. A series with
   * a long value may not stay either: long values are truncated, so an unlimited number of different values could be
   * stored for the same series.
   */
  #mayKeep(series: CallSeries, values: readonly string[]): boolean {
    const { maxSeriesPerMetric } = series.collector.meter;
    const isShort = values.every((value) => value.length <= MAX_LABEL_VALUE_LENGTH);
    return this.#tree.size < maxSeriesPerMetric && !series.folded && isShort;
  }
}
