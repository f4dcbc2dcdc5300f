import { labelQueries, shownLabelValues } from '../queries/label-queries.js';
import type { Scope } from '../queries/promql.js';
import type { PanelPlan } from './panel-plan.js';

/** The table that compares the values of an additional label, over the time range of the dashboard. */
export function labelPanel(label: string, scope: Scope): PanelPlan {
  const queries = labelQueries(label, scope);
  return {
    title: `By ${label}`,
    description: `Averages over the selected time range, for the ${shownLabelValues} values with the most requests.`,
    kind: 'table',
    width: 24,
    sortedBy: 'Requests',
    queries: [
      { expression: queries.requestRate, legend: 'Requests', unit: 'reqps' },
      { expression: queries.errorShare, legend: 'Errors', unit: 'percentunit' },
      { expression: queries.latencyQuantile, legend: 'p95', unit: 's' },
      { expression: queries.outputTokenRate, legend: 'Output tokens per second', unit: 'short' },
      { expression: queries.costPerDay, legend: 'Cost per day', unit: 'currencyUSD' },
    ],
  };
}
