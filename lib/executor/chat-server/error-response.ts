/** An error response in OpenAI's format. Source: https://platform.openai.com/docs/guides/error-codes */
export interface ErrorResponse {
  readonly status: number;
  readonly error: {
    readonly message: string;
    readonly type: string;
    /** The invalid parameter. */
    readonly param: string | null;
    readonly code: string | null;
  };
  /** Seconds after which the client may retry. */
  readonly retryAfterSeconds?: number;
}

/** The fields of an error response except its status. */
export interface ErrorDetails {
  readonly message: string;
  readonly code?: string;
  readonly param?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** Creates an error response. The status determines its `type`. */
export function errorResponse(status: number, facts: ErrorDetails): ErrorResponse {
  const { message, code = null, param = null, retryAfterSeconds } = facts;
  return {
    status,
    error: { message, type: typeOf(status), param, code },
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

function typeOf(status: number): string {
  if (status >= 500) return 'server_error';
  if (status === 401) return 'authentication_error';
  return status === 429 ? 'rate_limit_error' : 'invalid_request_error';
}
