import type { HistogramConfiguration, Histogram as Original } from 'prom-client-original';
import { Histogram as SharedHistogram } from 'tinyllm';
import { withDefaults } from '../registries/default-registry.js';

/** TinyLLM's class with prom-client's types, which declare the result of `get` differently. */
const Base = SharedHistogram as unknown as typeof Original;

/** prom-client's histogram in shared memory. */
export class Histogram<Label extends string = string> extends Base<Label> {
  /** @throws {Error} if the configuration is invalid, or if a registry already contains the name. */
  constructor(configuration: HistogramConfiguration<Label>) {
    super(withDefaults(configuration));
  }
}

export declare namespace Histogram {
  /** A histogram with fixed labels. */
  export type Internal<Label extends string> = Original.Internal<Label>;
  /** The options that only histograms have. */
  export type Config = Original.Config;
}
