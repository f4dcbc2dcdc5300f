import { markErrors, TinyLLMError } from 'tinyllm/configuration';

/** A queue was set up with a number it cannot work with. */
export class QueueConfigurationError extends TinyLLMError {}

/** A queue has no room for another job. */
export class QueueFullError extends TinyLLMError {
  constructor(
    /** The most jobs that wait in it. */
    readonly capacity: number,
  ) {
    super(`The queue is full: ${capacity} wait already; try again later, wait for room, or make it larger.`);
  }
}

/** A queue was closed before the job started, or takes no more. */
export class QueueClosedError extends TinyLLMError {
  constructor(message = 'The queue is closed and takes no more jobs; the job was not done.') {
    super(message);
  }
}

markErrors({ QueueConfigurationError, QueueFullError, QueueClosedError });
