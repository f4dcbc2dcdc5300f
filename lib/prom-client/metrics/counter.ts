import type { CounterConfiguration, Counter as Original } from 'prom-client-original';
import { Counter as SharedCounter } from 'tinyllm';
import { withDefaults } from '../registries/default-registry.js';

/** TinyLLM's class with prom-client's types, which declare the result of `get` differently. */
const Base = SharedCounter as unknown as typeof Original;

/** prom-client's counter in shared memory. */
export class Counter<Label extends string = string> extends Base<Label> {
  /** @throws {Error} if the configuration is invalid, or if a registry already contains the name. */
  constructor(configuration: CounterConfiguration<Label>) {
    super(withDefaults(configuration));
  }
}

export declare namespace Counter {
  /** A counter with fixed labels. */
  export type Internal = Original.Internal;
}
