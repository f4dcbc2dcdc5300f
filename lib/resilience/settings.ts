/**
 * `@tinyllm/resilience/settings`: the priorities of a queue; loads no queue.
 *
 * @module
 */
export { type Priority, priorities } from './queue/priority.js';
