import { QueueConfigurationError } from '../errors/queue-errors.js';

/**
 * Returns the value of an option if it is a whole number of at least 1. Otherwise throws a `QueueConfigurationError`
 * with the name of the option.
 */
export function atLeastOne(option: string, number: number): number {
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new QueueConfigurationError(
    `The queue's option \`${option}\` is ${number}; expected a whole number of at least 1.`,
  );
}
