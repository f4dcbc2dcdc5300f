import type { GaugeConfiguration, Gauge as Original } from 'prom-client-original';
import { Gauge as SharedGauge } from 'tinyllm';
import { withDefaults } from '../registries/default-registry.js';

/** TinyLLM's class with prom-client's types, which declare the result of `get` differently. */
const Base = SharedGauge as unknown as typeof Original;

/** prom-client's gauge in shared memory. */
export class Gauge<Label extends string = string> extends Base<Label> {
  /** @throws {Error} if the configuration is invalid, or if a registry already contains the name. */
  constructor(configuration: GaugeConfiguration<Label>) {
    super(withDefaults(configuration));
  }
}

export declare namespace Gauge {
  /** A gauge with fixed labels. */
  export type Internal<Label extends string> = Original.Internal<Label>;
}
