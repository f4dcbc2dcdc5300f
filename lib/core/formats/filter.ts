import { escapeMetricName } from './escape-name.js';
import type { Escaping } from './format.js';
import { sampleNames } from './sample-names.js';

/** The part of a metric that a filter uses. */
export interface Nameable {
  /** The name under which it was registered. */
  readonly name: string;
  /** The kind of a TinyLLM metric, or the type of a prom-client metric. */
  readonly type: string;
}

/** Whether a scrape requests a metric. */
export type MetricFilter = (metric: Nameable) => boolean;

/**
 * Creates a filter for the names in a scrape's query: `?name[]=a&name[]=b` requests the metrics `a` and `b`. Without
 * names, all metrics match.
 *
 * A metric matches by its own name, by its family's name in OpenMetrics (`calls` for `calls_total`) or by the name of
 * any of its samples (`wait_seconds_bucket`). Each of these names can be escaped or not. The scrape contains all
 * samples of a matching metric. Unknown names are ignored.
 */
export function metricFilter(names: readonly string[], escaping: Escaping = 'underscores'): MetricFilter {
  const wanted = new Set(names.filter((name) => name !== ''));
  if (wanted.size === 0) return () => true;
  const isWanted = (name: string, type: string): boolean =>
    wanted.has(name) || sampleNames(name, type).some((one) => wanted.has(one));
  return ({ name, type }) => {
    if (isWanted(name, type)) return true;
    const escaped = escapeMetricName(name, escaping);
    return escaped !== name && isWanted(escaped, type);
  };
}
