/** Which store a cache is in; the `cache_type` label of its look-ups. */
export type CacheType = 'memory' | 'redis';

/** What a response cache keeps its values in. */
export interface CacheBackend {
  readonly type: CacheType;

  /** Gives what was kept, or undefined. Throws a `StoreError`. */
  get(key: string): Promise<unknown>;

  /** Keeps a value that JSON can hold. Throws a `StoreError`. */
  set(key: string, value: unknown): Promise<void>;

  close(): Promise<void>;
}
