import type { UpstreamError } from '../errors/proxy-errors.js';
import type { ErrorResponse } from './error-response.js';

/** The reasons for the counted error responses of the proxy itself; values of the label `reason`. */
export const rejectionReasons = ['malformed', 'target', 'host', 'key', 'rate', 'queue', 'upstream'] as const;

/** One of {@link rejectionReasons}. */
export type RejectionReason = (typeof rejectionReasons)[number];

/** The `Host` header names another machine. */
export const unexpectedHost: ErrorResponse = {
  status: 403,
  type: 'invalid_request_error',
  message:
    'The Host header names another machine, and this proxy accepts only local requests; use 127.0.0.1 or localhost, or set up API keys.',
};

/** The API key is missing or wrong. */
export const invalidApiKey: ErrorResponse = {
  status: 401,
  type: 'invalid_request_error',
  code: 'invalid_api_key',
  message: 'The API key is missing or wrong; send a key of this proxy as Authorization: Bearer KEY, or x-api-key: KEY.',
  headers: { 'WWW-Authenticate': 'Bearer' },
};

/** The client exceeded the rate limit. */
export function rateLimited(seconds: number): ErrorResponse {
  return {
    status: 429,
    type: 'requests',
    code: 'rate_limit_exceeded',
    message: 'The rate limit of this proxy is exceeded; retry after the number of seconds in the Retry-After header.',
    retryAfterSeconds: Math.max(1, Math.ceil(seconds)),
  };
}

/** The queue is full. */
export const queueFull: ErrorResponse = {
  status: 503,
  type: 'server_error',
  code: 'overloaded',
  message: 'The queue of this proxy is full; retry after the number of seconds in the Retry-After header.',
  retryAfterSeconds: 1,
};

/** No upstream sent a valid response. `mayBeRepeated`: whether the client can safely retry the request. */
export function upstreamFailed(error: UpstreamError, mayBeRepeated: boolean): ErrorResponse {
  const { cause, failure } = error;
  const reason = (Object(cause) as { code?: unknown }).code;
  const why = typeof reason === 'string' ? ` (${reason})` : '';
  const advice = mayBeRepeated
    ? 'retry, or check its log'
    : 'it may have received the request, so check its log before you retry';
  const message =
    failure === 'broken'
      ? `The model server behind this proxy sent no valid response${why}; ${advice}.`
      : `The model server behind this proxy cannot be reached${why}; check that it runs.`;
  return { status: failure === 'timeout' ? 504 : 502, type: 'upstream_error', message };
}
