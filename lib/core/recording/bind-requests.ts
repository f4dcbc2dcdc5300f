import type { MetricsCollector } from '../collector/collector.js';
import { configureMetrics, getMetricsCollector } from '../collector/shared-collector.js';
import { bindLabels } from './bind-labels.js';
import type { CallSite, LabelSource } from './call-label.js';
import type { TrackRequestOptions } from './call-options.js';
import type { CallSeries } from './call-series.js';
import type { SeriesBinder } from './label-plan.js';
import { RequestSeries } from './request-series.js';

/** The labels that identify the series of a request. */
export function requestLabels({ model, graph, requestType }: TrackRequestOptions): readonly LabelSource[] {
  return [
    { name: 'model', option: model, fallback: 'unknown' },
    { name: 'graph', option: graph, fallback: 'default', inheritsGraph: true },
    { name: 'requestType', option: requestType, fallback: 'generate' },
  ];
}

/**
 * Returns a function that finds the series of a request. It passes the instance and the arguments of the call to the
 * label functions in the options. It never throws.
 */
export function bindRequests(
  options: TrackRequestOptions,
  collector: MetricsCollector,
  site?: CallSite,
): SeriesBinder<CallSeries> {
  return bindLabels({
    sources: requestLabels(options),
    additional: options.labels,
    create: (values) => new RequestSeries(values, options, collector),
    collector,
    site,
  });
}

/** Returns the maximum number of label sets per metric of a collector. */
export function seriesLimitOf(collector: MetricsCollector): number {
  return collector.meter.maxSeriesPerMetric;
}

/** Returns the names of the additional labels that a collector declares. */
export function declaredLabelsOf(collector: MetricsCollector): readonly string[] {
  return collector.meter.labels;
}

/**
 * Declares additional labels of the metrics of requests, nodes, graphs and tools. Labels that are already declared stay
 * declared.
 *
 * @throws {MetricsConfigurationError} if a name is invalid, or if a label is new and the metrics are already in use.
 */
export function declareLabels(names: readonly string[], collector: MetricsCollector): void {
  const { meter } = collector;
  const missing = names.filter((name) => !meter.labels.includes(name));
  if (missing.length === 0) return;
  const labels = [...meter.labels, ...missing];
  // Worker threads have the labels of the shared collector, too.
  if (collector === getMetricsCollector()) configureMetrics({ labels });
  else meter.configure({ labels });
}
