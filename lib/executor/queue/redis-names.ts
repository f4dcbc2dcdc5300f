import { type Priority, priorities } from '@tinyllm/resilience/settings';

/** The keys of a queue all begin with this, so that a cache and a memory can live in the same Redis. */
export const keyPrefix = 'tinyllm';

/** The queue's name in Redis. */
export const queueName = 'jobs';

/** The number BullMQ orders a priority by: 1 goes first, and 0 would pass by all. */
export function rankOf(priority: Priority): number {
  return priorities.indexOf(priority) + 1;
}

/** The priority with that number; one that is none of ours counts as `normal`. */
export function priorityOf(rank: number | undefined): Priority {
  return priorities[(rank ?? 0) - 1] ?? 'normal';
}
