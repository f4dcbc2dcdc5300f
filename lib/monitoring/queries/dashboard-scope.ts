import type { FilterLabels } from './additional-labels.js';
import type { Scope } from './promql.js';

/** Returns the series that the variables of a dashboard select. */
export function dashboardScope(labels: FilterLabels): Scope {
  return {
    matchers: { job: '=~"$job"', model: '=~"$model"', graph: '=~"$graph"' },
    filterLabels: labels,
    window: '$__rate_interval',
  };
}

/** Returns the same series, over the whole time range of the dashboard. */
export function shownTimeScope(labels: FilterLabels): Scope {
  return { ...dashboardScope(labels), window: '$__range' };
}
