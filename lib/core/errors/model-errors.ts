import { type ErrorFacts, markErrors, TinyLLMError } from './tinyllm-error.js';

/** Facts of a failed model call. */
export interface ModelErrorFacts extends ErrorFacts {
  readonly provider: string;
  readonly model?: string;
  /** HTTP status, when the provider answered with one. */
  readonly status?: number;
  /** After how many seconds the provider asks to be called again, when it says so. */
  readonly retryAfterSeconds?: number;
}

/** A model call failed; its subclasses say how. */
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

/** No model that could answer is connected, its server cannot be reached, or it says that it cannot answer now. */
export class ModelUnavailableError extends ModelError {}

/** The provider is there, but does not have the model. */
export class ModelNotFoundError extends ModelError {}

/** The provider answered something its protocol does not allow, or broke off. */
export class ModelProtocolError extends ModelError {}

/** The provider wants a key, or does not accept the one it got. */
export class ModelAccessError extends ModelError {}

/** The provider has been asked too often. */
export class ModelRateLimitError extends ModelError {}

/** The provider does not take the request as it is. */
export class ModelRequestError extends ModelError {}

/** The provider failed while it worked on the request. */
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
