import type { HistogramConfiguration, LabelValues, Histogram as Original } from 'prom-client-original';
import { Histogram as SharedHistogram } from 'tinyllm';
import { withBoundMethods } from './bound-methods.js';
import { ascendingBounds } from './buckets.js';
import { completeConfiguration, sortedLabelNames } from './complete-configuration.js';

/** TinyLLM's class with prom-client's types, which declare the result of `get` differently. */
const Base = SharedHistogram as unknown as typeof Original;

/** prom-client's default bounds, in seconds. */
const DEFAULT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** prom-client's histogram in shared memory. */
export class Histogram<Label extends string = string> extends Base<Label> {
  /**
   * Creates a histogram. The buckets may be strings, repeated and in any order.
   *
   * @throws {Error} if the configuration is invalid, or if a registry already contains the name.
   */
  constructor(configuration: HistogramConfiguration<Label>) {
    const completed = completeConfiguration(configuration, ({ buckets }) => ({
      buckets: ascendingBounds(buckets ?? DEFAULT_BUCKETS),
    }));
    super(completed);
    const { buckets } = completed;
    // prom-client has these fields, but its types don't declare them.
    Object.assign(this, { sortedLabelNames: sortedLabelNames(completed), buckets, upperBounds: buckets });
  }

  override labels(...values: string[]): Original.Internal<Label>;
  override labels(labels: LabelValues<Label>): Original.Internal<Label>;
  override labels(...labels: unknown[]): Original.Internal<Label> {
    return withBoundMethods(super.labels(...(labels as string[])), ['observe', 'startTimer']);
  }
}

export declare namespace Histogram {
  /** A histogram with fixed labels. */
  export type Internal<Label extends string> = Original.Internal<Label>;
  /** The options that only histograms have. */
  export type Config = Original.Config;
}
