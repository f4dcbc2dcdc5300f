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
