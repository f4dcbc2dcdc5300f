/** What a process did, counted by itself beside the library; each is told by a metric as well. */
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

/** The metric that tells each count, with a label it is asked for by, if not all its series count. */
export const toldBy: Readonly<Record<keyof Counts, { readonly metric: string; readonly label?: string }>> = {
  nodes: { metric: 'tinyllm_node_executions_total' },
  nodeErrors: { metric: 'tinyllm_node_errors_total' },
  graphs: { metric: 'tinyllm_graph_executions_total' },
  requests: { metric: 'tinyllm_requests_total' },
  cancelled: { metric: 'tinyllm_requests_finished_total', label: 'finish_reason="cancelled"' },
  tokens: { metric: 'tinyllm_tokens_output_total' },
};

/** The gauges that are zero when nothing is under way. */
export const activeGauges = ['tinyllm_active_requests', 'tinyllm_active_nodes', 'tinyllm_active_graphs'] as const;

/** The sum of a metric's series in a text of metrics. */
export function sumOf(text: string, metric: string, label = ''): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    if (!line.startsWith(metric) || !line.includes(label)) continue;
    const after = line[metric.length];
    if (after === '{' || after === ' ') sum += Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return sum;
}

/** What a text of metrics tells of each count. */
export function countsIn(text: string): Counts {
  const names = Object.keys(toldBy) as (keyof Counts)[];
  const told = names.map((name) => [name, sumOf(text, toldBy[name].metric, toldBy[name].label)] as const);
  return Object.fromEntries(told) as unknown as Counts;
}
