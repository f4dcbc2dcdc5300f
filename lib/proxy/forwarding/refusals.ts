import type { UpstreamError } from '../errors/proxy-errors.js';
import type { Refusal } from './refusal.js';

/** The reasons for which a proxy answers itself. */
export const refusalReasons = ['malformed', 'target', 'host', 'key', 'rate', 'queue', 'upstream'] as const;

/** Why a proxy answers itself. */
export type RefusalReason = (typeof refusalReasons)[number];

/** `Host` names somebody else. */
export const foreignHost: Refusal = {
  status: 403,
  type: 'invalid_request_error',
  message:
    'This proxy listens for this machine alone, and Host names another; use 127.0.0.1 or localhost, or API keys.',
};

/** There is no key, or a wrong one. */
export const wrongKey: Refusal = {
  status: 401,
  type: 'invalid_request_error',
  code: 'invalid_api_key',
  message: 'This proxy asks for one of its API keys: Authorization: Bearer KEY, or x-api-key: KEY.',
  headers: { 'WWW-Authenticate': 'Bearer' },
};

/** Too many requests came in too short a time. */
export function tooOften(seconds: number): Refusal {
  return {
    status: 429,
    type: 'requests',
    code: 'rate_limit_exceeded',
    message: 'Too many requests came in too short a time; come again after Retry-After seconds.',
    retryAfterSeconds: Math.max(1, Math.ceil(seconds)),
  };
}

/** As many wait as may. */
export const queueFull: Refusal = {
  status: 503,
  type: 'server_error',
  code: 'overloaded',
  message: 'As many requests wait as this proxy lets wait; come again after Retry-After seconds.',
  retryAfterSeconds: 1,
};

/** No upstream answered; `mayBeRepeated` is whether the request has no effect on the server. */
export function unanswered(error: UpstreamError, mayBeRepeated: boolean): Refusal {
  const { cause, failure } = error;
  const reason = (Object(cause) as { code?: unknown }).code;
  const why = typeof reason === 'string' ? ` (${reason})` : '';
  const advice = mayBeRepeated
    ? 'ask again, or look at its log'
    : 'it may have received the request, so look at its log before you send it again';
  const message =
    failure === 'broken'
      ? `The model server behind this proxy broke off before it answered${why}; ${advice}.`
      : `The model server behind this proxy cannot be reached${why}; see that it runs.`;
  return { status: failure === 'timeout' ? 504 : 502, type: 'upstream_error', message };
}
