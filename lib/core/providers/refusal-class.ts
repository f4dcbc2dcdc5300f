import {
  ModelAccessError,
  ModelNotFoundError,
  ModelProtocolError,
  ModelRateLimitError,
  ModelRequestError,
  ModelServerError,
  ModelUnavailableError,
} from '../errors/model-errors.js';

/**
 * Statuses with which servers and reverse proxies report that they are temporarily unavailable. 529 means "overloaded".
 */
const unavailableStatuses: ReadonlySet<number> = new Set([502, 503, 504, 529]);

/**
 * Matches error texts about a missing model. The text of Azure mentions a deployment. The text of OpenRouter mentions
 * endpoints.
 */
const mentionsModel = /\bmodels?\b|\bdeployment\b|\bno endpoints found\b/i;

/** A response with an error status. */
export interface Refusal {
  readonly status: number;
  /** The reason in the response; undefined if the response contains no reason in JSON. */
  readonly stated?: string | undefined;
  /** Whether a model was requested. */
  readonly asksModel: boolean;
}

/**
 * Returns the error class for an error response.
 *
 * Except for 401, 403 and 429, a 4xx status without a reason in JSON is a protocol error: the response is probably from
 * another kind of server.
 */
export function refusalClass({ status, stated, asksModel }: Refusal) {
  if (status === 401 || status === 403) return ModelAccessError;
  if (status === 429) return ModelRateLimitError;
  if (unavailableStatuses.has(status)) return ModelUnavailableError;
  if (status >= 500) return ModelServerError;
  if (stated === undefined || status < 400) return ModelProtocolError;
  if (status !== 404) return ModelRequestError;
  return asksModel && mentionsModel.test(stated) ? ModelNotFoundError : ModelProtocolError;
}
