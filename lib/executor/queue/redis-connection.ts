import { QueueConfigurationError } from '@tinyllm/resilience';
import type { Redis } from 'ioredis';
import { QueueUnavailableError } from '../errors/job-errors.js';
import { expectedRedisAddress, redisAddress } from '../redis/redis-address.js';
import { failureText, withoutCommand } from '../redis/redis-failure.js';
import type { RedisConnectionOptions } from './redis-connection-options.js';

/** A connection to the Redis server of a queue. */
export interface RedisConnection {
  readonly redis: Redis;
  /** The URL of the server, without the password. */
  readonly url: string;
}

/** The deadline of the first connection, in milliseconds. */
const connectMilliseconds = 5000;

/** The longest pause between two reconnection attempts, in milliseconds. */
const maxPauseMilliseconds = 2000;

/**
 * Connects to the Redis server of a queue. If the connection is lost later, commands wait until it is
 * restored.
 *
 * Throws a `QueueConfigurationError` if the URL is invalid. Throws a `QueueUnavailableError` if the server does not
 * reply within 5 s or rejects the password.
 */
export async function connectRedis({ url, onProblem }: RedisConnectionOptions): Promise<RedisConnection> {
  const shown = withoutPassword(url);
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectMilliseconds,
    // If the connection is lost, commands wait without a limit until it is restored. No job is then lost or sent twice.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(50 * 2 ** times, maxPauseMilliseconds),
  });
  let lastError: unknown;
  redis.on('error', (error: unknown) => {
    lastError = error;
  });
  const timeout = AbortSignal.timeout(connectMilliseconds);
  try {
    await Promise.race([redis.connect().then(() => redis.ping()), rejection(timeout)]);
    // If the server rejects the database, ioredis emits the error and would continue with database 0.
    if (lastError !== undefined) throw lastError;
  } catch (error) {
    redis.disconnect();
    const cause = withoutCommand(lastError ?? error);
    throw new QueueUnavailableError(
      shown,
      `The queue's Redis at ${shown} cannot be used: ${failureText(cause)}; start it, or check the URL and its password.`,
      { cause },
    );
  }
  watchOutages(redis, (cause) => {
    const problem = `The connection to the queue's Redis at ${shown} is lost: ${failureText(cause)}; reconnecting.`;
    onProblem?.(new QueueUnavailableError(shown, problem, { cause }));
  });
  return { redis, url: shown };
}

function watchOutages(redis: Redis, onOutage: (cause: unknown) => void): void {
  let isReported = false;
  redis.on('ready', () => {
    isReported = false;
  });
  redis.on('error', (cause) => {
    if (!isReported) onOutage(withoutCommand(cause));
    isReported = true;
  });
}

function withoutPassword(url: string): string {
  try {
    return redisAddress(url).shown;
  } catch (cause) {
    throw new QueueConfigurationError(`The Redis URL of the queue is invalid; expected ${expectedRedisAddress}.`, {
      cause,
    });
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`no reply within ${connectMilliseconds / 1000} s`)), {
      once: true,
    });
  });
}
