import { markErrors, TinyLLMError } from 'tinyllm/configuration';
import { ModelError, type ModelErrorFacts, ModelProtocolError } from 'tinyllm/recording';

/** A model file is not valid, or the model cannot be loaded into memory. */
export class ModelFileError extends ModelError {}

/** A model did not respond, or did not continue its response, before the timeout. */
export class ModelTimeoutError extends ModelError {}

/**
 * The request was not sent, because the circuit breaker of the model is open after failures.
 *
 * `lastFailure` is not the `cause`. Otherwise, this error would count as a timeout if a timeout opened the circuit
 * breaker.
 */
export class CircuitOpenError extends ModelError {
  constructor(
    message: string,
    facts: ModelErrorFacts,
    readonly lastFailure: unknown,
  ) {
    super(message, facts);
  }
}

/** The model and all of its fallback models failed. */
export class AllModelsFailedError extends ModelError {
  constructor(
    message: string,
    facts: ModelErrorFacts,
    /** The error of each model, in the order of the calls. */
    readonly errors: readonly unknown[],
  ) {
    super(message, facts);
  }
}

/** A response of a model server exceeded the limit for its size or its duration. The connection was closed. */
export class ModelResponseLimitError extends ModelProtocolError {}

/**
 * The settings of models are invalid: a model does not exist, or the environment variable of an API key is not set.
 */
export class ModelSettingsError extends TinyLLMError {}

/** The name of a provider is unknown. */
export class UnknownProviderError extends TinyLLMError {}

markErrors({
  ModelFileError,
  ModelResponseLimitError,
  ModelTimeoutError,
  CircuitOpenError,
  AllModelsFailedError,
  ModelSettingsError,
  UnknownProviderError,
});
