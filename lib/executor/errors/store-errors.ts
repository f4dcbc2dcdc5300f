import { type ErrorFacts, markErrors, TinyLLMError } from 'tinyllm/configuration';

/** Details of a store failure. */
export interface StoreErrorFacts extends ErrorFacts {
  /** `disk` or `redis`. */
  readonly store: string;
  /** The failed operation: `get`, `load`, … */
  readonly operation: string;
}

/** A store cannot be reached, did not respond in time, or rejected an operation. */
export class StoreError extends TinyLLMError {
  readonly store: string;
  readonly operation: string;

  constructor(message: string, facts: StoreErrorFacts) {
    super(message, facts);
    this.store = facts.store;
    this.operation = facts.operation;
  }
}

/** The address of a store is not valid, or a limit is out of range. */
export class StoreSettingsError extends TinyLLMError {}

/** A stored session is corrupt, or a session name is not valid. */
export class SessionError extends TinyLLMError {}

markErrors({ StoreError, StoreSettingsError, SessionError });
