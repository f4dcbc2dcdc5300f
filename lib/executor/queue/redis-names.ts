import { type Priority, priorities } from '@tinyllm/resilience/settings';

/** The prefix of all keys of a queue, so that a cache and conversations can use the same Redis server. */
export const keyPrefix = 'tinyllm';

/** The queue's name in Redis. */
export const queueName = 'jobs';

/** Returns BullMQ's number of a priority, from 1 for the highest. In BullMQ, the number 0 would be higher than 1. */
export function rankOf(priority: Priority): number {
  return priorities.indexOf(priority) + 1;
}

/** Returns the priority with this number. Unknown numbers count as `normal`. */
export function priorityOf(rank: number | undefined): Priority {
  return priorities[(rank ?? 0) - 1] ?? 'normal';
}
