import { requestLabels } from '../recording/bind-requests.js';
import type { TrackRequestOptions } from '../recording/call-options.js';
import { RequestSeries } from '../recording/request-series.js';
import type { TrackDecorator } from './decorate.js';
import { track } from './track.js';

/**
 * Tracks a method as a request to a model: requests, latency, active requests, tokens, finish reasons and errors by
 * type.
 *
 * A returned stream is followed to its last chunk, with time to first token and inter-token latency.
 *
 * @throws {DecoratorUsageError} if an option is unknown or has the wrong type, or if the decorator is not on a method.
 */
export function TrackRequest(...options: [options?: TrackRequestOptions]): TrackDecorator {
  return track(
    {
      decorator: 'TrackRequest',
      kind: 'request',
      labels: requestLabels,
      bind: (values, trackOptions: TrackRequestOptions, collector) =>
        new RequestSeries(values, trackOptions, collector),
    },
    options,
  );
}
