import { StoreSettingsError } from '../errors/store-errors.js';
import type { CacheBackend, CacheType } from './cache-backend.js';
import { MemoryCache } from './memory-cache.js';
import { RedisCache } from './redis-cache.js';
import { StoreGuard, type StoreProblemListener } from './store-guard.js';

/** The store and the limits of a {@link ResponseCache}. */
export interface ResponseCacheOptions {
  /** `memory`, or the address of a Redis server, `redis://…` or `rediss://…`. Default: `memory`. */
  readonly store?: string | undefined;
  /**
   * The maximum number of values in memory, at least 1. Default: 1000. Redis ignores it and uses its own `maxmemory`.
   */
  readonly maxEntries?: number | undefined;
  /** The maximum size of a value, in UTF-16 code units of its JSON. Larger values are not cached. Default: 1 Mi. */
  readonly maxEntrySize?: number | undefined;
  /** The time to live of each value, in seconds, greater than 0. Default: 3600. */
  readonly ttlSeconds?: number | undefined;
  /** The deadline of one Redis operation, in milliseconds. Default: 500. */
  readonly deadlineMilliseconds?: number | undefined;
  /** Called once per outage of the store. */
  readonly onProblem?: StoreProblemListener | undefined;
}

/** The maximum total size of a cache in memory, in UTF-16 code units. */
const maxMemorySize = 64 * 1024 ** 2;

/**
 * A cache of JSON values. Failures of its store never throw.
 *
 * If the store is down, slow or contains invalid data, `get` returns undefined and `set` does nothing. Each failure is
 * counted; `onProblem` is called once per outage.
 */
export class ResponseCache {
  readonly #backend: CacheBackend;
  readonly #guard: StoreGuard;
  readonly #maxEntrySize: number;

  /** @throws {StoreSettingsError} if `store` or a limit is invalid. */
  constructor({
    store = 'memory',
    maxEntries = 1000,
    maxEntrySize = 1024 ** 2,
    ttlSeconds = 3600,
    deadlineMilliseconds,
    onProblem,
  }: ResponseCacheOptions = {}) {
    requireBound('maxEntries', maxEntries);
    requireBound('maxEntrySize', maxEntrySize);
    requireBound('ttlSeconds', ttlSeconds);
    const ttlMilliseconds = Math.min(Math.ceil(ttlSeconds * 1000), Number.MAX_SAFE_INTEGER);
    this.#backend =
      store === 'memory'
        ? new MemoryCache({ maxEntries, maxSize: maxMemorySize, ttlMilliseconds })
        : new RedisCache(store, { ttlMilliseconds, deadlineMilliseconds });
    this.#guard = new StoreGuard(onProblem);
    this.#maxEntrySize = maxEntrySize;
  }

  get type(): CacheType {
    return this.#backend.type;
  }

  /** Returns the cached value, or undefined. */
  async get(key: string): Promise<unknown> {
    return this.#guard.attempt(() => this.#backend.get(key));
  }

  /** Caches a value that can be serialized as JSON, unless it exceeds `maxEntrySize`. */
  async set(key: string, value: unknown): Promise<void> {
    if (JSON.stringify(value).length > this.#maxEntrySize) return;
    await this.#guard.attempt(() => this.#backend.set(key, value));
  }

  /** Closes the store. A cache in memory becomes empty. */
  async close(): Promise<void> {
    await this.#backend.close();
  }
}

function requireBound(name: 'maxEntries' | 'maxEntrySize' | 'ttlSeconds', value: number): void {
  const isValidKind = name === 'ttlSeconds' ? Number.isFinite(value) : Number.isInteger(value);
  if (isValidKind && value > 0) return;
  const expected = name === 'ttlSeconds' ? 'a number of seconds greater than 0' : 'a whole number of at least 1';
  throw new StoreSettingsError(`The cache's ${name} is ${value}; expected ${expected}.`);
}
