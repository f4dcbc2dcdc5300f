import { type ErrorFacts, markErrors, TinyLLMError } from './tinyllm-error.js';

/** Facts of a failed model call. */
export interface ModelErrorFacts extends ErrorFacts {
  readonly provider: string;
  readonly model?: string;
  /** HTTP status, if the provider responded. */
  readonly status?: number;
  /** Delay in seconds after which the provider asks for a retry, if it states one. */
  readonly retryAfterSeconds?: number;
}

/** A model call failed. The subclasses state the reason. */
export class ModelError extends TinyLLMError {
  readonly provider: string;
  readonly model: string | undefined;
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, facts: ModelErrorFacts) {
    super(message, facts);
    this.provider = facts.provider;
    this.model = facts.model;
    this.status = facts.status;
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}

/** No suitable model is connected, or the model's server can't be reached or is temporarily unavailable. */
export class ModelUnavailableError extends ModelError {}

/** The provider doesn't have the model. */
export class ModelNotFoundError extends ModelError {}

/** The provider's response violates its protocol or is incomplete. */
export class ModelProtocolError extends ModelError {}

/** The provider requires an API key or rejects the one in the request. */
export class ModelAccessError extends ModelError {}

/** The provider received too many requests. */
export class ModelRateLimitError extends ModelError {}

/** The provider rejects the request as invalid. */
export class ModelRequestError extends ModelError {}

/** The provider failed while processing the request. */
export class ModelServerError extends ModelError {}

markErrors({
  ModelError,
  ModelUnavailableError,
  ModelNotFoundError,
  ModelProtocolError,
  ModelAccessError,
  ModelRateLimitError,
  ModelRequestError,
  ModelServerError,
});
