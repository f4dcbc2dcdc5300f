import type { GaugeConfiguration, LabelValues, Gauge as Original } from 'prom-client-original';
import { Gauge as SharedGauge } from 'tinyllm';
import { withBoundMethods } from './bound-methods.js';
import { completeConfiguration, sortedLabelNames } from './complete-configuration.js';

/** TinyLLM's class with prom-client's types, which declare the result of `get` differently. */
const Base = SharedGauge as unknown as typeof Original;

/** prom-client's gauge in shared memory. */
export class Gauge<Label extends string = string> extends Base<Label> {
  /** @throws {Error} if the configuration is invalid, or if a registry already contains the name. */
  constructor(configuration: GaugeConfiguration<Label>) {
    const completed = completeConfiguration(configuration);
    super(completed);
    // prom-client has this field, but its types don't declare it.
    Object.assign(this, { sortedLabelNames: sortedLabelNames(completed) });
  }

  override labels(...values: string[]): Original.Internal<Label>;
  override labels(labels: LabelValues<Label>): Original.Internal<Label>;
  override labels(...labels: unknown[]): Original.Internal<Label> {
    return withBoundMethods(super.labels(...(labels as string[])), [
      'inc',
      'dec',
      'set',
      'setToCurrentTime',
      'startTimer',
    ]);
  }
}

export declare namespace Gauge {
  /** A gauge with fixed labels. */
  export type Internal<Label extends string> = Original.Internal<Label>;
}
