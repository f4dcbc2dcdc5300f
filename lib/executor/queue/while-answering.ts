import { setTimeout as wait } from 'node:timers/promises';
import type { Redis } from 'ioredis';

/** How often to look whether a Redis is still there, in milliseconds. */
export const lookPause = 100;
/** How long one that is there may take to close what is open, in milliseconds. */
const patience = 1500;

/** Does what closing needs of a Redis, as far as that is there and answers; how it ends is nobody's. */
export async function whileAnswering(redis: Redis, work: () => Promise<unknown>): Promise<void> {
  let ended = false;
  const working = work()
    .catch(() => undefined)
    .finally(() => {
      ended = true;
    });
  const end = performance.now() + patience;
  do await Promise.race([working, wait(lookPause)]);
  while (!ended && redis.status === 'ready' && performance.now() < end);
}
