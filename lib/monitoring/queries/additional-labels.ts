/** A metric of the catalog in an expression. */
export interface QueriedMetric {
  readonly name: string;
  readonly labels: readonly string[];
  /** Whether each request, node, graph or tool call is recorded in it. Default: false. */
  readonly perCall?: boolean;
  /** Whether several threads write its series. Such a histogram is always classic. Default: false. */
  readonly isShared?: boolean;
}

/** Labels that only requests fill. For nodes, graphs and tools, their values are empty. */
const requestLabels: ReadonlySet<string> = new Set(['provider']);

/** The additional labels by which dashboards filter. */
export interface FilterLabels {
  /** The labels in selectors of requests: all additional labels. */
  readonly requests: readonly string[];
  /** The labels in selectors of nodes, graphs and tools. */
  readonly executions: readonly string[];
}

/**
 * Returns the labels by which dashboards filter. Labels that only requests fill don't filter nodes, graphs and tools.
 */
export function filterLabels(additionalLabels: readonly string[]): FilterLabels {
  return {
    requests: additionalLabels,
    executions: additionalLabels.filter((label) => !requestLabels.has(label)),
  };
}

/** Returns the labels by which dashboards filter the series of a metric. */
export function filterLabelsOf(metric: QueriedMetric, labels: FilterLabels): readonly string[] {
  if (!hasAdditionalLabels(metric)) return [];
  return metric.labels.includes('model') ? labels.requests : labels.executions;
}

/** Whether a metric has the additional labels of the application: the metrics of requests, nodes, graphs and tools. */
export function hasAdditionalLabels(metric: QueriedMetric): boolean {
  return metric.perCall === true;
}

/** The labels of a metric of the catalog, and the additional labels if the metric has them. */
export function labelsOf(metric: QueriedMetric, additionalLabels: readonly string[]): readonly string[] {
  return hasAdditionalLabels(metric) ? [...metric.labels, ...additionalLabels] : metric.labels;
}

/** The matcher that selects the values of a label's dashboard variable. */
export function labelMatcher(label: string): string {
  return `${label}=~"$${label}"`;
}
