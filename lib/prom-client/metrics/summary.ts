import type { LabelValues, Summary as Original, SummaryConfiguration } from 'prom-client-original';
import { SummaryMetric } from 'tinyllm/recording';
import { withBoundMethods } from './bound-methods.js';
import { completeConfiguration, sortedLabelNames } from './complete-configuration.js';
import { QuantileWindow } from './quantile-window.js';

/** TinyLLM's class with prom-client's types, which declare the result of `get` differently. */
const Base = SummaryMetric as unknown as new <Label extends string>(
  configuration: SummaryConfiguration<Label>,
  createWindow: () => QuantileWindow,
) => Original<Label>;

/** prom-client's default quantiles. */
const DEFAULT_PERCENTILES = [0.01, 0.05, 0.5, 0.9, 0.95, 0.99, 0.999];

/** prom-client's summary in shared memory: quantiles of the values in a sliding window, and the sum and the count. */
export class Summary<Label extends string = string> extends Base<Label> {
  /** @throws {Error} if the configuration is invalid, or if a registry already contains the name. */
  constructor(configuration: SummaryConfiguration<Label>) {
    const completed = completeConfiguration(configuration, ({ percentiles }) => ({
      percentiles: [...new Set(percentiles ?? DEFAULT_PERCENTILES)],
    }));
    const { maxAgeSeconds, ageBuckets } = Object(completed) as SummaryConfiguration<Label>;
    super(completed, () => new QuantileWindow({ maxAgeSeconds, ageBuckets }));
    const { percentiles } = completed;
    // prom-client has these fields, but its types don't declare them.
    Object.assign(this, { sortedLabelNames: sortedLabelNames(completed), percentiles });
  }

  override labels(...values: string[]): Original.Internal<Label>;
  override labels(labels: LabelValues<Label>): Original.Internal<Label>;
  override labels(...labels: unknown[]): Original.Internal<Label> {
    return withBoundMethods(super.labels(...(labels as string[])), ['observe', 'startTimer']);
  }
}

export declare namespace Summary {
  /** A summary with fixed labels. */
  export type Internal<Label extends string> = Original.Internal<Label>;
  /** The options that only summaries have. */
  export type Config = Original.Config;
}
