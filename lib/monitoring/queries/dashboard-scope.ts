import type { HistogramVariant } from '../settings/histogram-variant.js';
import type { FilterLabels } from './additional-labels.js';
import type { Scope } from './promql.js';

/** Returns the series that the variables of a dashboard select. */
export function dashboardScope(labels: FilterLabels, histograms: HistogramVariant): Scope {
  return {
    matchers: { job: '=~"$job"', model: '=~"$model"', graph: '=~"$graph"' },
    filterLabels: labels,
    window: '$__rate_interval',
    histograms,
  };
}

/** Returns the same series, over the whole time range of the dashboard. */
export function shownTimeScope(labels: FilterLabels, histograms: HistogramVariant): Scope {
  return { ...dashboardScope(labels, histograms), window: '$__range' };
}
