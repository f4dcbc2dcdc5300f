import { setTimeout as wait } from 'node:timers/promises';
import type { Redis } from 'ioredis';

/** How often to check the state of a Redis connection, in milliseconds. */
export const pollMilliseconds = 100;
/** The time limit for closing, in milliseconds. */
const closeMilliseconds = 1500;

/**
 * Runs work that closes a queue or a worker, and waits for it. Stops waiting after 1.5 s, or when the connection to
 * Redis is lost. Ignores the errors of the work.
 */
export async function closeWhileReady(redis: Redis, work: () => Promise<unknown>): Promise<void> {
  let isDone = false;
  const working = work()
    .catch(() => undefined)
    .finally(() => {
      isDone = true;
    });
  const end = performance.now() + closeMilliseconds;
  do await Promise.race([working, wait(pollMilliseconds)]);
  while (!isDone && redis.status === 'ready' && performance.now() < end);
}
