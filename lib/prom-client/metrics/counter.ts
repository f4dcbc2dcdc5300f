import type { CounterConfiguration, LabelValues, Counter as Original } from 'prom-client-original';
import { Counter as SharedCounter } from 'tinyllm';
import { withBoundMethods } from './bound-methods.js';
import { completeConfiguration, sortedLabelNames } from './complete-configuration.js';

/** TinyLLM's class with prom-client's types, which declare the result of `get` differently. */
const Base = SharedCounter as unknown as typeof Original;

/** prom-client's counter in shared memory. */
export class Counter<Label extends string = string> extends Base<Label> {
  /** @throws {Error} if the configuration is invalid, or if a registry already contains the name. */
  constructor(configuration: CounterConfiguration<Label>) {
    const completed = completeConfiguration(configuration);
    super(completed);
    // prom-client has this field, but its types don't declare it.
    Object.assign(this, { sortedLabelNames: sortedLabelNames(completed) });
  }

  override labels(...values: string[]): Original.Internal;
  override labels(labels: LabelValues<Label>): Original.Internal;
  override labels(...labels: unknown[]): Original.Internal {
    return withBoundMethods(super.labels(...(labels as string[])), ['inc']);
  }
}

export declare namespace Counter {
  /** A counter with fixed labels. */
  export type Internal = Original.Internal;
}
