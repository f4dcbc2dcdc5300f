import type { Keyv } from 'keyv';
import type { CacheBackend } from './cache-backend.js';
import { type RedisClient, RedisLink, type RedisLinkOptions } from './redis-link.js';

const namespace = 'tinyllm:cache';

/** How long a cache in a Redis holds a value. */
export interface RedisCacheOptions extends RedisLinkOptions {
  readonly ttlMilliseconds: number;
}

/** Values in a Redis, under `tinyllm:cache:KEY`; how many it holds is for its `maxmemory` to say. */
export class RedisCache implements CacheBackend {
  readonly type = 'redis';
  readonly #link: RedisLink;
  readonly #ttl: number;
  /** One for each connection there was. */
  readonly #keyvs = new WeakMap<RedisClient, Keyv>();

  /** @throws {StoreSettingsError} when `url` is no address. */
  constructor(url: string, options: RedisCacheOptions) {
    this.#link = new RedisLink(url, options);
    this.#ttl = options.ttlMilliseconds;
  }

  async get(key: string): Promise<unknown> {
    return this.#link.use('get', async (client) => (await this.#over(client)).get(key));
  }

  async set(key: string, value: unknown): Promise<void> {
    await this.#link.use('set', async (client) => (await this.#over(client)).set(key, value));
  }

  async close(): Promise<void> {
    await this.#link.close();
  }

  async #over(client: RedisClient): Promise<Keyv> {
    const known = this.#keyvs.get(client);
    if (known !== undefined) return known;
    const [{ Keyv }, { default: KeyvRedis }] = await Promise.all([import('keyv'), import('@keyv/redis')]);
    const store = new KeyvRedis(client, { keyPrefixSeparator: ':', throwOnErrors: true });
    const keyv = new Keyv({ store, namespace, ttl: this.#ttl, throwOnErrors: true, useKeyPrefix: false });
    // Its errors are thrown as well.
    keyv.on('error', () => undefined);
    this.#keyvs.set(client, keyv);
    return keyv;
  }
}
