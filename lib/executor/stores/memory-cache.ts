import type { LRUCache } from 'lru-cache';
import type { CacheBackend } from './cache-backend.js';

/** Limits of a cache in memory. */
export interface MemoryCacheOptions {
  readonly maxEntries: number;
  /** The total size of all values, in UTF-16 code units of their JSON. */
  readonly maxSize: number;
  /** The time to live of each value, in milliseconds. */
  readonly ttlMilliseconds: number;
}

/** A cache in the memory of this process. It evicts the least recently used values first. */
export class MemoryCache implements CacheBackend {
  readonly type = 'memory';
  readonly #options: MemoryCacheOptions;
  #opening: Promise<LRUCache<string, string>> | undefined;

  constructor(options: MemoryCacheOptions) {
    this.#options = options;
  }

  async get(key: string): Promise<unknown> {
    const text = (await this.#open()).get(key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  async set(key: string, value: unknown): Promise<void> {
    // JSON, so that callers cannot change a cached value.
    (await this.#open()).set(key, JSON.stringify(value));
  }

  async close(): Promise<void> {
    this.#opening = undefined;
  }

  #open(): Promise<LRUCache<string, string>> {
    this.#opening ??= open(this.#options);
    return this.#opening;
  }
}

async function open({ maxEntries, maxSize, ttlMilliseconds }: MemoryCacheOptions): Promise<LRUCache<string, string>> {
  const { LRUCache } = await import('lru-cache');
  return new LRUCache({
    max: maxEntries,
    maxSize,
    ttl: ttlMilliseconds,
    sizeCalculation: (text) => Math.max(1, text.length),
  });
}
