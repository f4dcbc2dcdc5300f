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

/** Finds the series of requests from the instance and the arguments that the options receive. Never throws. */
export function bindRequests(options: TrackRequestOptions, collector: MetricsCollector): SeriesBinder<CallSeries> {
  return bindLabels(requestLabels(options), collector, (values) => new RequestSeries(values, options, collector));
}

/** Returns the maximum number of label sets per metric of a collector. */
export function seriesLimitOf(collector: MetricsCollector): number {
  return collector.meter.maxSeriesPerMetric;
}
