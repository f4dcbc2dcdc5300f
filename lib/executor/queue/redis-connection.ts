import { QueueConfigurationError } from '@tinyllm/resilience';
import type { Redis } from 'ioredis';
import { QueueUnavailableError } from '../errors/job-errors.js';
import { expectedRedisAddress, redisAddress } from '../redis/redis-address.js';
import { failureText, withoutCommand } from '../redis/redis-failure.js';
import type { RedisConnectionOptions } from './redis-connection-options.js';

/** A connection to the Redis of a queue. */
export interface RedisConnection {
  readonly redis: Redis;
  /** Where it is, without the password. */
  readonly url: string;
}

/** How long a Redis has to take the first connection, in milliseconds. */
const patience = 5000;

/** The longest pause between two tries to get a lost connection back, in milliseconds. */
const longestPause = 2000;

/**
 * Connects to the Redis that holds a queue. Once it has been there, an outage is waited out.
 *
 * Throws a `QueueConfigurationError` for a URL that is none of Redis, a `QueueUnavailableError` when nobody answers
 * there within 5 s or the password is refused.
 */
export async function connectRedis({ url, onProblem }: RedisConnectionOptions): Promise<RedisConnection> {
  const shown = withoutPassword(url);
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: patience,
    // A command waits for a lost connection, however long that takes: so a job is neither lost nor sent twice.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(50 * 2 ** times, longestPause),
  });
  let last: unknown;
  const remember = (error: unknown): void => {
    last = error;
  };
  redis.on('error', remember);
  const tooLate = AbortSignal.timeout(patience);
  try {
    await Promise.race([redis.connect().then(() => redis.ping()), rejection(tooLate)]);
    // If the server refuses the database, ioredis emits the error and would continue with database 0.
    if (last !== undefined) throw last;
  } catch (error) {
    redis.disconnect();
    const cause = withoutCommand(last ?? error);
    throw new QueueUnavailableError(
      shown,
      `The queue's Redis at ${shown} cannot be used: ${failureText(cause)}; start it, or check the URL and its password.`,
      { cause },
    );
  }
  watchOutages(redis, (cause) => {
    const problem = `The queue's Redis at ${shown} is gone: ${failureText(cause)}; waiting for it.`;
    onProblem?.(new QueueUnavailableError(shown, problem, { cause }));
  });
  return { redis, url: shown };
}

function watchOutages(redis: Redis, tell: (cause: unknown) => void): void {
  let told = false;
  redis.on('ready', () => {
    told = false;
  });
  redis.on('error', (cause) => {
    if (!told) tell(withoutCommand(cause));
    told = true;
  });
}

function withoutPassword(url: string): string {
  try {
    return redisAddress(url).shown;
  } catch (cause) {
    throw new QueueConfigurationError(`A queue got no such place; expected ${expectedRedisAddress}.`, { cause });
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`no answer in ${patience / 1000} s`)), { once: true });
  });
}
