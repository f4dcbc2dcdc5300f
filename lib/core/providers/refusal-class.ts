import {
  ModelAccessError,
  ModelNotFoundError,
  ModelProtocolError,
  ModelRateLimitError,
  ModelRequestError,
  ModelServerError,
  ModelUnavailableError,
} from '../errors/model-errors.js';

/** What servers, and the proxies before them, say when they cannot answer now; 529 is "overloaded". */
const unavailable: ReadonlySet<number> = new Set([502, 503, 504, 529]);

/** How servers say that they lack a model; Azure names its deployment, OpenRouter the endpoints of providers. */
const namesModel = /\bmodels?\b|\bdeployment\b|\bno endpoints found\b/i;

/** An answer whose status is no success. */
export interface Refusal {
  readonly status: number;
  /** Why, in the server's words; left out when it gave no reason in JSON. */
  readonly stated?: string | undefined;
  /** Whether a model was asked. */
  readonly asksModel: boolean;
}

/**
 * Which error a refusal is.
 *
 * A status in the 400s without a reason in JSON is a breach of the protocol: what answered is likely another server.
 */
export function refusalClass({ status, stated, asksModel }: Refusal) {
  if (status === 401 || status === 403) return ModelAccessError;
  if (status === 429) return ModelRateLimitError;
  if (unavailable.has(status)) return ModelUnavailableError;
  if (status >= 500) return ModelServerError;
  if (stated === undefined || status < 400) return ModelProtocolError;
  if (status !== 404) return ModelRequestError;
  return asksModel && namesModel.test(stated) ? ModelNotFoundError : ModelProtocolError;
}
