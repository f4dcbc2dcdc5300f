import { type ErrorFacts, markErrors, TinyLLMError } from 'tinyllm/configuration';

/** The server that holds a queue does not answer, or is not one that can. */
export class QueueUnavailableError extends TinyLLMError {
  constructor(
    /** Its URL, without the password. */
    readonly url: string,
    message: string,
    facts: ErrorFacts = {},
  ) {
    super(message, facts);
  }
}

/** A worker elsewhere took a job and could not do it. */
export class JobFailedError extends TinyLLMError {
  constructor(
    /** The name of the error the worker met. */
    readonly errorName: string,
    message: string,
  ) {
    super(message);
  }
}

/** A chat server was set up in a way it cannot work. */
export class ChatServerSettingsError extends TinyLLMError {}

markErrors({ QueueUnavailableError, JobFailedError, ChatServerSettingsError });
