import { type ErrorFacts, markErrors, TinyLLMError } from 'tinyllm/configuration';

/** The queue server cannot be reached, or does not support queues. */
export class QueueUnavailableError extends TinyLLMError {
  constructor(
    /** The URL of the server, without the password. */
    readonly url: string,
    message: string,
    facts: ErrorFacts = {},
  ) {
    super(message, facts);
  }
}

/** A job failed in a worker process. */
export class JobFailedError extends TinyLLMError {
  constructor(
    /** The name of the error in the worker. */
    readonly errorName: string,
    message: string,
  ) {
    super(message);
  }
}

/** The settings of a chat server are not valid. */
export class ChatServerSettingsError extends TinyLLMError {}

markErrors({ QueueUnavailableError, JobFailedError, ChatServerSettingsError });
