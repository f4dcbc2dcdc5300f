import type { MetricsCollector } from '../collector/collector.js';
import { bindLabels, type LabelSource, type SeriesBinder } from './bind-labels.js';
import type { TrackRequestOptions } from './call-options.js';
import type { CallSeries } from './call-series.js';
import { RequestSeries } from './request-series.js';

/** The labels that identify the series of a request. */
export function requestLabels({ model, graph, requestType }: TrackRequestOptions): readonly LabelSource[] {
  return [
    { option: model, fallback: 'unknown' },
    { option: graph, fallback: 'default' },
    { option: requestType, fallback: 'generate' },
  ];
}

/**
 * Returns a function that finds the series of a request. It passes the instance and the arguments of the call to the
 * label functions in the options. It never throws.
 */
export function bindRequests(options: TrackRequestOptions, collector: MetricsCollector): SeriesBinder<CallSeries> {
  return bindLabels(requestLabels(options), collector, (values) => new RequestSeries(values, options, collector));
}

/** Returns the maximum number of label sets per metric of a collector. */
export function seriesLimitOf(collector: MetricsCollector): number {
  return collector.meter.maxSeriesPerMetric;
}
