import type { Keyv } from 'keyv';
import type { CacheBackend } from './cache-backend.js';

/** How much a cache in memory holds, and for how long. */
export interface MemoryCacheOptions {
  readonly maxEntries: number;
  /** Of all entries together, in UTF-16 code units of their JSON. */
  readonly maxSize: number;
  readonly ttlMilliseconds: number;
}

/** Values in this process's memory; the ones looked up longest ago go first. */
export class MemoryCache implements CacheBackend {
  readonly type = 'memory';
  readonly #options: MemoryCacheOptions;
  #opening: Promise<Keyv> | undefined;

  constructor(options: MemoryCacheOptions) {
    this.#options = options;
  }

  async get(key: string): Promise<unknown> {
    return (await this.#open()).get(key);
  }

  async set(key: string, value: unknown): Promise<void> {
    await (await this.#open()).set(key, value);
  }

  async close(): Promise<void> {
    this.#opening = undefined;
  }

  #open(): Promise<Keyv> {
    this.#opening ??= openKeyv(this.#options);
    return this.#opening;
  }
}

async function openKeyv({ maxEntries, maxSize, ttlMilliseconds }: MemoryCacheOptions): Promise<Keyv> {
  const [{ Keyv }, { LRUCache }] = await Promise.all([import('keyv'), import('lru-cache')]);
  const kept = new LRUCache<string, string>({
    max: maxEntries,
    maxSize,
    sizeCalculation: (text) => Math.max(1, text.length),
  });
  // Keyv hands over the time to live as a third argument, which the other takes for options; Keyv itself holds to it.
  const store = {
    get: (key: string) => kept.get(key),
    set: (key: string, text: string) => kept.set(key, text) === kept,
    delete: (key: string) => kept.delete(key),
    clear: () => kept.clear(),
  };
  return new Keyv({ store, ttl: ttlMilliseconds, throwOnErrors: true, useKeyPrefix: false });
}
