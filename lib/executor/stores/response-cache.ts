import { StoreSettingsError } from '../errors/store-errors.js';
import type { CacheBackend, CacheType } from './cache-backend.js';
import { MemoryCache } from './memory-cache.js';
import { RedisCache } from './redis-cache.js';
import { StoreGuard, type StoreProblemListener } from './store-guard.js';

/** Where a response cache is, and its bounds. */
export interface ResponseCacheOptions {
  /** `memory`, or the address of a Redis, `redis://…` or `rediss://…`; default `memory`. */
  readonly store?: string | undefined;
  /** At least 1; default 1000. In memory alone: a Redis bounds itself by its `maxmemory`. */
  readonly maxEntries?: number | undefined;
  /** A larger value, in UTF-16 code units of its JSON, is not kept; default 1 Mi. */
  readonly maxEntrySize?: number | undefined;
  /** How long a value is kept, in seconds, more than 0; default 3600. */
  readonly ttlSeconds?: number | undefined;
  /** How long a Redis may take for one operation; default 500. */
  readonly deadlineMilliseconds?: number | undefined;
  /** Told once an outage. */
  readonly onProblem?: StoreProblemListener | undefined;
}

/** All that a cache in memory holds, in UTF-16 code units: 64 Mi. */
const memorySize = 64 * 1024 ** 2;

/**
 * Values by key that never fail the work they are kept for.
 *
 * A store that is down, slow or holds something else answers nothing and keeps nothing; that is counted, and told once.
 */
export class ResponseCache {
  readonly #backend: CacheBackend;
  readonly #guard: StoreGuard;
  readonly #maxEntrySize: number;

  /** @throws {StoreSettingsError} when `store` is no place for a cache, or a bound is none. */
  constructor({
    store = 'memory',
    maxEntries = 1000,
    maxEntrySize = 1024 ** 2,
    ttlSeconds = 3600,
    deadlineMilliseconds,
    onProblem,
  }: ResponseCacheOptions = {}) {
    requireBound('maxEntries', maxEntries, Number.isInteger(maxEntries));
    requireBound('maxEntrySize', maxEntrySize, Number.isInteger(maxEntrySize));
    requireBound('ttlSeconds', ttlSeconds, Number.isFinite(ttlSeconds));
    const ttlMilliseconds = Math.min(Math.ceil(ttlSeconds * 1000), Number.MAX_SAFE_INTEGER);
    this.#backend =
      store === 'memory'
        ? new MemoryCache({ maxEntries, maxSize: memorySize, ttlMilliseconds })
        : new RedisCache(store, { ttlMilliseconds, deadlineMilliseconds });
    this.#guard = new StoreGuard(onProblem);
    this.#maxEntrySize = maxEntrySize;
  }

  get type(): CacheType {
    return this.#backend.type;
  }

  /** Gives what was kept, or undefined. */
  async get(key: string): Promise<unknown> {
    return this.#guard.attempt(() => this.#backend.get(key));
  }

  /** Keeps a value that JSON can hold, unless it is too large. */
  async set(key: string, value: unknown): Promise<void> {
    if (JSON.stringify(value).length > this.#maxEntrySize) return;
    await this.#guard.attempt(() => this.#backend.set(key, value));
  }

  /** Lets go of what it holds. */
  async close(): Promise<void> {
    await this.#backend.close();
  }
}

function requireBound(name: string, value: number, whole: boolean): void {
  if (whole && value > 0) return;
  const expected = name === 'ttlSeconds' ? 'seconds, more than 0' : 'a whole number of at least 1';
  throw new StoreSettingsError(`The cache's ${name} got ${value}; expected ${expected}.`);
}
