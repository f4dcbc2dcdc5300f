import { type ErrorFacts, markErrors, TinyLLMError } from 'tinyllm/configuration';

/** Facts of a store's failure. */
export interface StoreErrorFacts extends ErrorFacts {
  /** `memory`, `disk` or `redis`. */
  readonly store: string;
  /** What was asked of it: `get`, `load`, … */
  readonly operation: string;
}

/** A store cannot be reached, did not answer in time, or refused an operation. */
export class StoreError extends TinyLLMError {
  readonly store: string;
  readonly operation: string;

  constructor(message: string, facts: StoreErrorFacts) {
    super(message, facts);
    this.store = facts.store;
    this.operation = facts.operation;
  }
}

/** A store was asked for by something that is no address of one, or with bounds it cannot keep. */
export class StoreSettingsError extends TinyLLMError {}

/** What is kept of a session is not what was written, or no session can have that name. */
export class SessionError extends TinyLLMError {}

markErrors({ StoreError, StoreSettingsError, SessionError });
