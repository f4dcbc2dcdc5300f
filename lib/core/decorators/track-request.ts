import { requestLabels } from '../recording/bind-requests.js';
import type { TrackRequestOptions } from '../recording/call-options.js';
import { RequestSeries } from '../recording/request-series.js';
import type { TrackDecorator } from './decorate.js';
import { type TrackKind, track } from './track.js';
import { type ThisOf, trackFunction } from './track-function.js';
import type { AnyMethod } from './wrap-method.js';

/** How requests to models are recorded. */
export const requestCalls: TrackKind<TrackRequestOptions> = {
  kind: 'request',
  decorator: 'TrackRequest',
  wrapper: 'trackRequest',
  labels: requestLabels,
  bind: (values, options, collector) => new RequestSeries(values, options, collector),
};

/**
 * Tracks a method as a request to a model: requests, latency, active requests, tokens, finish reasons and errors by
 * type.
 *
 * A returned stream is followed to its last chunk, with time to first token and inter-token latency.
 *
 * Writes `tinyllm_requests_total`, `tinyllm_request_latency_seconds`, `tinyllm_active_requests`,
 * `tinyllm_requests_finished_total` and `tinyllm_errors_total`.
 *
 * If the result contains token counts or timings: `tinyllm_tokens_input_total`, `tinyllm_tokens_output_total`,
 * `tinyllm_tokens_cached_input_total`, `tinyllm_tokens_cache_write_total`, `tinyllm_tokens_reasoning_output_total`,
 * `tinyllm_request_input_tokens`, `tinyllm_request_output_tokens` and `tinyllm_model_load_duration_seconds`.
 *
 * For streams: `tinyllm_time_to_first_token_seconds`, `tinyllm_inter_token_latency_seconds` and
 * `tinyllm_time_per_output_token_seconds`.
 *
 * Errors in functions of the options are counted in `tinyllm_instrumentation_errors_total`.
 *
 * @throws {DecoratorUsageError} if an option is unknown or has the wrong type, or if the decorator is not on a method.
 */
export function TrackRequest<
  // biome-ignore-start lint/suspicious/noExplicitAny: the default if TypeScript can't infer a type
  Self = any,
  Args extends readonly unknown[] = any,
  Result = any,
  // biome-ignore-end lint/suspicious/noExplicitAny: as above
>(...options: [options?: TrackRequestOptions<Self, Args, Result>]): TrackDecorator<Self, Args, Result> {
  return track(requestCalls, options);
}

/**
 * Wraps a function so that each call is tracked as a request to a model: requests, latency, active requests, tokens,
 * finish reasons and errors by type.
 *
 * The returned function has the same type, name, length and properties. A returned stream is followed to its last chunk,
 * with time to first token and inter-token latency.
 *
 * Writes `tinyllm_requests_total`, `tinyllm_request_latency_seconds`, `tinyllm_active_requests`,
 * `tinyllm_requests_finished_total` and `tinyllm_errors_total`.
 *
 * If the result contains token counts or timings: `tinyllm_tokens_input_total`, `tinyllm_tokens_output_total`,
 * `tinyllm_tokens_cached_input_total`, `tinyllm_tokens_cache_write_total`, `tinyllm_tokens_reasoning_output_total`,
 * `tinyllm_request_input_tokens`, `tinyllm_request_output_tokens` and `tinyllm_model_load_duration_seconds`.
 *
 * For streams: `tinyllm_time_to_first_token_seconds`, `tinyllm_inter_token_latency_seconds` and
 * `tinyllm_time_per_output_token_seconds`.
 *
 * Errors in functions of the options are counted in `tinyllm_instrumentation_errors_total`.
 *
 * @throws {DecoratorUsageError} if `fn` is not a function or is a class, or if an option is unknown or has the wrong
 * type.
 */
export function trackRequest<Fn extends AnyMethod>(
  fn: Fn,
  options?: TrackRequestOptions<ThisOf<Fn>, Parameters<Fn>, ReturnType<Fn>>,
): Fn {
  return trackFunction(requestCalls, fn, options);
}
