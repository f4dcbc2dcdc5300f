import { requestLabels } from '../recording/bind-requests.js';
import type { TrackRequestOptions } from '../recording/call-options.js';
import { RequestSeries } from '../recording/request-series.js';
import type { TrackDecorator } from './decorate.js';
import { track } from './track.js';

/**
 * Tracks a method as a request to a model: counts it, times it, holds it active, and counts tokens, finish reasons
 * and errors by type. A stream it returns is followed to its last chunk, with the time to its first and the gaps
 * between the others.
 *
 * @throws {DecoratorUsageError} when an option is unknown or of the wrong type, or when it stands on no method.
 */
export function TrackRequest(...options: [options?: TrackRequestOptions]): TrackDecorator {
  return track(
    {
      decorator: 'TrackRequest',
      kind: 'request',
      labels: requestLabels,
      bind: (values, given: TrackRequestOptions, collector) => new RequestSeries(values, given, collector),
    },
    options,
  );
}
