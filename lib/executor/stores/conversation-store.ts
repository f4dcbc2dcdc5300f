import type { Exchange } from './exchange.js';

/** Stores conversations by session name. */
export interface ConversationStore {
  /** The `store` label of its errors. */
  readonly name: 'disk' | 'redis';

  /**
   * Returns the exchanges of a session, oldest first. A missing session has none.
   *
   * @throws {StoreError} if the store cannot be read.
   * @throws {SessionError} if the stored data is corrupted, or the session name is invalid.
   */
  load(session: string): Promise<readonly Exchange[]>;

  /**
   * Adds an exchange and deletes the oldest exchanges over the limit. Safe for concurrent calls. Throws as `load` does.
   */
  append(session: string, exchange: Exchange): Promise<void>;

  /** Deletes a session, even if its data is corrupted. Returns whether it existed. Throws a `StoreError`. */
  clear(session: string): Promise<boolean>;

  /** Returns the names of all sessions, sorted. Throws a `StoreError`. */
  list(): Promise<readonly string[]>;

  /** Closes connections. Stored conversations remain. */
  close(): Promise<void>;
}
