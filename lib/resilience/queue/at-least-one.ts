import { QueueConfigurationError } from '../errors/queue-errors.js';

/**
 * Returns a number that is at least 1 and whole. Otherwise throws a `QueueConfigurationError` that contains the
 * option's name.
 */
export function atLeastOne(what: string, number: number): number {
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new QueueConfigurationError(`The queue's ${what} is ${number}; expected a whole number of at least 1.`);
}
