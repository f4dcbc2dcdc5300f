import type { Aggregator } from './configuration.js';

/** A metric and its values, as prom-client's `get()` returns it. */
export interface ReadMetric<Value> {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly aggregator: Aggregator;
  readonly values: Value[];
}
