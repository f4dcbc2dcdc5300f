/** Why a request gets no answer, as OpenAI's API puts it. Source: https://platform.openai.com/docs/guides/error-codes */
export interface Refusal {
  readonly status: number;
  readonly error: {
    readonly message: string;
    readonly type: string;
    /** The part of the request that is meant. */
    readonly param: string | null;
    readonly code: string | null;
  };
  /** When to come again. */
  readonly retryAfterSeconds?: number;
}

/** What there is to say of a refusal besides its status. */
export interface RefusalFacts {
  readonly message: string;
  readonly code?: string;
  readonly param?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** Makes a refusal; its type follows from the status. */
export function refusal(status: number, facts: RefusalFacts): Refusal {
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
