/** The kind of store a cache uses. It is the `cache_type` label of the cache's metrics. */
export type CacheType = 'memory' | 'redis';

/** The store of a response cache. */
export interface CacheBackend {
  readonly type: CacheType;

  /** Returns the cached value, or undefined. Throws a `StoreError`. */
  get(key: string): Promise<unknown>;

  /** Stores a value that can be serialized as JSON. Throws a `StoreError`. */
  set(key: string, value: unknown): Promise<void>;

  close(): Promise<void>;
}
