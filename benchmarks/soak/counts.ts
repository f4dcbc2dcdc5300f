/** The operations of a process, counted without the library. A metric exists for each count. */
export interface Counts {
  nodes: number;
  nodeErrors: number;
  graphs: number;
  requests: number;
  cancelled: number;
  tokens: number;
}

export const noCounts: Readonly<Counts> = {
  nodes: 0,
  nodeErrors: 0,
  graphs: 0,
  requests: 0,
  cancelled: 0,
  tokens: 0,
};

/** The metric for each count. If only some series count, `label` selects them. */
export const metricOf: Readonly<Record<keyof Counts, { readonly metric: string; readonly label?: string }>> = {
  nodes: { metric: 'tinyllm_node_executions_total' },
  nodeErrors: { metric: 'tinyllm_node_errors_total' },
  graphs: { metric: 'tinyllm_graph_executions_total' },
  requests: { metric: 'tinyllm_requests_total' },
  cancelled: { metric: 'tinyllm_requests_finished_total', label: 'finish_reason="cancelled"' },
  tokens: { metric: 'tinyllm_tokens_output_total' },
};

/** The gauges that are zero when no call is in flight. */
export const activeGauges = ['tinyllm_active_requests', 'tinyllm_active_nodes', 'tinyllm_active_graphs'] as const;

/** The sum of all series of a metric in the text of a scrape. */
export function sumOf(text: string, metric: string, label = ''): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    if (!line.startsWith(metric) || !line.includes(label)) continue;
    const after = line[metric.length];
    if (after === '{' || after === ' ') sum += Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return sum;
}

/** Reads each count from the text of a scrape. */
export function countsIn(text: string): Counts {
  const names = Object.keys(metricOf) as (keyof Counts)[];
  const entries = names.map((name) => [name, sumOf(text, metricOf[name].metric, metricOf[name].label)] as const);
  return Object.fromEntries(entries) as unknown as Counts;
}
