import { JobFailedError } from '../errors/job-errors.js';

/** BullMQ's failure reason for a job that stalled more often than `maxStalledCount` allows. */
const stalledTooOften = 'job stalled more than allowable limit';

/** Formats an error for storage in Redis as `Name: message`, which is also readable in Redis tools. */
export function toFailedReason(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `${typeof error}: ${String(error)}`;
}

/** Parses the failure reason that a worker stored in Redis. */
export function fromFailedReason(reason: string): JobFailedError {
  if (reason === stalledTooOften) {
    return new JobFailedError(
      'JobLostError',
      'No worker completed the job in several attempts; check whether the job crashes its worker.',
    );
  }
  const [, name, message] = /^([A-Za-z]\w*): (.*)$/s.exec(reason) ?? [];
  return name === undefined || message === undefined
    ? new JobFailedError('Error', reason)
    : new JobFailedError(name, message);
}
