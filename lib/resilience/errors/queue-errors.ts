import { markErrors, TinyLLMError } from 'tinyllm/configuration';

/** An option of a queue is out of range. */
export class QueueConfigurationError extends TinyLLMError {}

/** The queue is full, so it rejected a job. */
export class QueueFullError extends TinyLLMError {
  constructor(
    /** The maximum number of waiting jobs. */
    readonly capacity: number,
  ) {
    super(`The queue is full: ${capacity} jobs are waiting; try again later, wait for room, or increase its capacity.`);
  }
}

/** The queue was closed before the job started or ended, or no longer accepts jobs. */
export class QueueClosedError extends TinyLLMError {
  constructor(message = 'The queue is closed and accepts no more jobs; the job was not run.') {
    super(message);
  }
}

markErrors({ QueueConfigurationError, QueueFullError, QueueClosedError });
