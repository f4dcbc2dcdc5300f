import { JobFailedError } from '../errors/job-errors.js';

/** What BullMQ fails a job with that was lost by more workers than are allowed. */
const lostTooOften = 'job stalled more than allowable limit';

/** What a worker leaves in Redis of an error: `Name: message`, which people can read there as well. */
export function toFailedReason(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `${typeof error}: ${String(error)}`;
}

/** The error that a worker left in Redis. */
export function fromFailedReason(reason: string): JobFailedError {
  if (reason === lostTooOften) {
    return new JobFailedError(
      'JobLostError',
      'Each worker that took the job ended before it was done; see what the job does to them.',
    );
  }
  const [, name, message] = /^([A-Za-z]\w*): (.*)$/s.exec(reason) ?? [];
  return name === undefined || message === undefined
    ? new JobFailedError('Error', reason)
    : new JobFailedError(name, message);
}
