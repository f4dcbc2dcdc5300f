/**
 * `@tinyllm/resilience/settings`: the priorities of a queue, without the queue itself.
 *
 * @module
 */
export { type Priority, priorities } from './queue/priority.js';
