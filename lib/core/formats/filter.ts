import { sampleNames } from './sample-names.js';

/** A metric as far as a filter looks at it; prom-client's metrics say `type`, a descriptor says `kind`. */
export interface Nameable {
  /** The name it was registered under. */
  readonly name: string;
  readonly type: string;
}

/** Tells whether a scrape has asked for a metric. */
export type MetricFilter = (metric: Nameable) => boolean;

/**
 * Makes a filter of the names in a scrape's query: `?name[]=a&name[]=b` asks for the metrics `a` and `b`, no name for all.
 *
 * A metric is asked for by its own name, by its family's name in OpenMetrics (`calls` for `calls_total`) or by that
 * of any of its samples (`wait_seconds_bucket`), and always comes whole. A name nothing has is passed over.
 */
export function metricFilter(names: readonly string[]): MetricFilter {
  const wanted = new Set(names.filter((name) => name !== ''));
  if (wanted.size === 0) return () => true;
  return ({ name, type }) => wanted.has(name) || sampleNames(name, type).some((one) => wanted.has(one));
}
