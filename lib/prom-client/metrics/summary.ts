import type { Summary as Original, SummaryConfiguration } from 'prom-client-original';
import { SummaryMetric } from 'tinyllm/recording';
import { withDefaults } from '../registries/default-registry.js';
import { QuantileWindow } from './quantile-window.js';

/** TinyLLM's class with prom-client's types, which declare the result of `get` differently. */
const Base = SummaryMetric as unknown as new <Label extends string>(
  configuration: SummaryConfiguration<Label>,
  createWindow: () => QuantileWindow,
) => Original<Label>;

/** prom-client's summary in shared memory: quantiles of the values in a sliding window, and the sum and the count. */
export class Summary<Label extends string = string> extends Base<Label> {
  /** @throws {Error} if the configuration is invalid, or if a registry already contains the name. */
  constructor(configuration: SummaryConfiguration<Label>) {
    const { maxAgeSeconds, ageBuckets } = Object(configuration) as SummaryConfiguration<Label>;
    super(withDefaults(configuration), () => new QuantileWindow({ maxAgeSeconds, ageBuckets }));
  }
}

export declare namespace Summary {
  /** A summary with fixed labels. */
  export type Internal<Label extends string> = Original.Internal<Label>;
  /** The options that only summaries have. */
  export type Config = Original.Config;
}
