import type { Descriptor } from '../metrics/descriptor.js';
import type { NativeHistogram } from '../metrics/native/native-histogram.js';
import type { LabelBytes } from '../metrics/series-record.js';

/** Facts about one observation, such as its trace. */
export interface Exemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timestampSeconds: number;
}

/** A series in the form that a writer reads. */
export interface ReadableSeries {
  /**
   * `a="1",b="2"`: escaped, in the descriptor's order, including default labels, without braces. Empty without labels.
   */
  readonly labelText: string;
  /**
   * The values of the descriptor's labels as bytes, without default labels. Writers use them instead of `labelText` if
   * their format contains no escaped text.
   */
  readonly labelBytes?: LabelBytes | undefined;
  /** Unix time in seconds at which the series was created or last reset. */
  readonly createdSeconds: number;
  /**
   * Returns a value of the series.
   *
   * Index 0 is the value of a counter, gauge or info.
   *
   * For a histogram with B bounds, 0 to B-1 are the counts of the buckets (not cumulative), B is the count above the
   * last bound, and B+1 is the sum.
   *
   * For a summary with Q quantiles, 0 to Q-1 are the values of the quantiles, Q is the count, and Q+1 is the sum.
   */
  cell(index: number): number;
  /** Returns the exemplar of a counter (index 0) or of a histogram's bucket, if there is one. */
  exemplar?(index: number): Exemplar | undefined;
  /**
   * Returns the native buckets of a histogram whose declaration has `native`. Call it after all calls of `cell`.
   *
   * An observation is counted in the native buckets first. So their total is at least that of the classic buckets that
   * were read before. The sum of the observations is in the cells.
   */
  native?(): NativeHistogram | undefined;
}

/** A metric in the form that a writer reads. */
export interface Family {
  readonly descriptor: Descriptor;
  readonly series: Iterable<ReadableSeries>;
  /** The number of series, if it is known. It can include a few removed series. */
  readonly size?: number;
  /** The default labels of series that have `labelBytes`. Default: none. */
  readonly defaultLabels?: Readonly<Record<string, unknown>>;
}
