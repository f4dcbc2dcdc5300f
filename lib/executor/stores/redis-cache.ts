import type { CacheBackend } from './cache-backend.js';
import { RedisLink, type RedisLinkOptions } from './redis-link.js';

const prefix = 'tinyllm:cache:';

/** Limits of a cache in Redis. */
export interface RedisCacheOptions extends RedisLinkOptions {
  /** The time to live of each value, in milliseconds. */
  readonly ttlMilliseconds: number;
}

/** A cache in Redis with keys `tinyllm:cache:KEY`. The server's `maxmemory` limits the number of values. */
export class RedisCache implements CacheBackend {
  readonly type = 'redis';
  readonly #link: RedisLink;
  readonly #ttl: number;

  /** @throws {StoreSettingsError} if `url` is not an address of a Redis server. */
  constructor(url: string, options: RedisCacheOptions) {
    this.#link = new RedisLink(url, options);
    this.#ttl = options.ttlMilliseconds;
  }

  async get(key: string): Promise<unknown> {
    return this.#link.use('get', async (client) => {
      const text = await client.get(`${prefix}${key}`);
      return text === null ? undefined : decodeValue(text);
    });
  }

  async set(key: string, value: unknown): Promise<void> {
    await this.#link.use('set', (client) => client.set(`${prefix}${key}`, encodeValue(value), 'PX', this.#ttl));
  }

  async close(): Promise<void> {
    await this.#link.close();
  }
}

/**
 * Encodes a value as Keyv 5 does: `{"value":…}`, with a second colon in texts that begin with a colon. TinyLLM 0.1 used
 * Keyv, and may share the cache.
 *
 * Source: https://github.com/jaredwray/keyv/tree/main/packages/serialize
 */
function encodeValue(value: unknown): string {
  return JSON.stringify({ value }, (_key, part: unknown) =>
    typeof part === 'string' && part.startsWith(':') ? `:${part}` : part,
  );
}

function decodeValue(text: string): unknown {
  let entry: unknown;
  try {
    entry = JSON.parse(text, (_key, part: unknown) =>
      typeof part === 'string' && part.startsWith(':') ? part.slice(1) : part,
    );
  } catch {
    // The parser's error is not rethrown, because its message quotes the cached text. The error below does not.
  }
  if (typeof entry === 'object' && entry !== null && 'value' in entry) return entry.value;
  throw new Error('the key contains no cached value');
}
