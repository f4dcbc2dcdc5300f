import { QueueConfigurationError } from '../errors/queue-errors.js';

/** A whole number from 1, or a `QueueConfigurationError` that says of what it is none. */
export function atLeastOne(what: string, number: number): number {
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new QueueConfigurationError(`A queue got ${number} for its ${what}; expected a whole number from 1.`);
}
