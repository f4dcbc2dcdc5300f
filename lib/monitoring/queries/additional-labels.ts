/** A metric of the catalog in an expression. */
export interface QueriedMetric {
  readonly name: string;
  readonly labels: readonly string[];
  /** Whether each request, node, graph or tool call is recorded in it. Default: false. */
  readonly perCall?: boolean;
}

/** Whether a metric has the additional labels of the application: the metrics of requests, nodes, graphs and tools. */
export function hasAdditionalLabels(metric: QueriedMetric): boolean {
  return metric.perCall === true;
}

/** The labels of a metric of the catalog, and the additional labels if the metric has them. */
export function labelsOf(metric: QueriedMetric, additionalLabels: readonly string[]): readonly string[] {
  return hasAdditionalLabels(metric) ? [...metric.labels, ...additionalLabels] : metric.labels;
}

/** Matchers that select the values of the dashboard variables, by additional label. */
export function labelMatchers(additionalLabels: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(additionalLabels.map((label) => [label, `=~"$${label}"`]));
}
