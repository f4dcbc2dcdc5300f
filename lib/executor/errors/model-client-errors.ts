import { markErrors, TinyLLMError } from 'tinyllm/configuration';
import { ModelError, type ModelErrorFacts, ModelProtocolError } from 'tinyllm/recording';

/** A model's file is no model, or one that cannot be brought into memory. */
export class ModelFileError extends ModelError {}

/** A model did not answer, or not go on with its answer, in the time it was given. */
export class ModelTimeoutError extends ModelError {}

/**
 * A model was not asked, since its circuit breaker is open after failures.
 *
 * The last of them is no `cause`: an open circuit is no timeout, whatever opened it.
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

/** Neither a model nor any of those it falls back on answered. */
export class AllModelsFailedError extends ModelError {
  constructor(
    message: string,
    facts: ModelErrorFacts,
    /** What each said, in the order they were asked. */
    readonly errors: readonly unknown[],
  ) {
    super(message, facts);
  }
}

/** A model's server sent more than is read of one response, or took longer. The connection was closed. */
export class ModelResponseLimitError extends ModelProtocolError {}

/** The settings of some models do not hold together. */
export class ModelSettingsError extends TinyLLMError {}

/** No provider goes by that name. */
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
