import { registry } from '../../lib/core/index.js';
import type { Instrument } from '../../lib/core/metrics/instrument.js';

let graphs = 0;

/** Returns an unused graph label, so that specs do not count each other's calls. */
export function freshGraph(): string {
  graphs++;
  return `graph-${graphs}`;
}

/** The current value of a sample in the shared registry. Undefined if no sample has exactly these labels. */
export async function scraped(name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
  const metric = registry.getSingleMetric(name) ?? registry.getSingleMetric(name.replace(/_(bucket|sum|count)$/, ''));
  // Doesn't parse the exposition text: it contains the series of every spec, and specs call this often.
  const { values } = await (metric as unknown as Instrument).get();
  const wanted = Object.entries(labels);
  const sample = values.find(
    (one) =>
      (one.metricName ?? name) === name &&
      Object.keys(one.labels).length === wanted.length &&
      wanted.every(([label, value]) => String(one.labels[label]) === value),
  );
  return sample?.value;
}

/** The metrics of one node. */
export async function nodeCounts(graph: string, node = 'node') {
  const count = async (name: string) => (await scraped(name, { node, graph })) ?? 0;
  return {
    executions: await count('tinyllm_node_executions_total'),
    timed: await count('tinyllm_node_execution_duration_seconds_count'),
    active: await count('tinyllm_active_nodes'),
    cancelled: await count('tinyllm_node_cancelled_total'),
  };
}

/** The number of executions of a node that failed with this error type. */
export async function nodeErrors(graph: string, errorType: string, node = 'node'): Promise<number> {
  return (await scraped('tinyllm_node_errors_total', { node, graph, error_type: errorType })) ?? 0;
}
