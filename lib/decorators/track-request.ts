import type { TrackDecorator } from './decorate.js';
import type { TrackRequestOptions } from './options.js';
import { RequestSeries } from './request-series.js';
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
      labels: ({ model, graph, requestType }: TrackRequestOptions) => [
        { option: model, fallback: 'unknown' },
        { option: graph, fallback: 'default' },
        { option: requestType, fallback: 'generate' },
      ],
      bind: (values, given, collector) => new RequestSeries(values, given, collector),
    },
    options,
  );
}
