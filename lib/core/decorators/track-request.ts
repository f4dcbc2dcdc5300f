import type { MetricsCollector } from '../collector/collector.js';
import type { CallSeries } from './call-series.js';
import type { TrackDecorator } from './decorate.js';
import { bindLabels, type SeriesBinder } from './labels.js';
import type { TrackRequestOptions } from './options.js';
import { RequestSeries } from './request-series.js';
import { type TrackKind, track } from './track.js';

const request: TrackKind<TrackRequestOptions> = {
  decorator: 'TrackRequest',
  kind: 'request',
  labels: ({ model, graph, requestType }) => [
    { option: model, fallback: 'unknown' },
    { option: graph, fallback: 'default' },
    { option: requestType, fallback: 'generate' },
  ],
  bind: (values, given, collector) => new RequestSeries(values, given, collector),
};

/**
 * Tracks a method as a request to a model: counts it, times it, holds it active, and counts tokens, finish reasons
 * and errors by type. A stream it returns is followed to its last chunk, with the time to its first and the gaps
 * between the others.
 *
 * @throws {DecoratorUsageError} when an option is unknown or of the wrong type, or when it stands on no method.
 */
export function TrackRequest(...options: [options?: TrackRequestOptions]): TrackDecorator {
  return track(request, options);
}

/** Finds the series of requests that no decorated method makes, from whom and what they are for; never throws. */
export function bindRequests(options: TrackRequestOptions, collector: MetricsCollector): SeriesBinder<CallSeries> {
  return bindLabels(request.labels(options), collector, (values) => request.bind(values, options, collector));
}
