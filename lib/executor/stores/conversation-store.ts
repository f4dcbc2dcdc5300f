import type { Exchange } from './exchange.js';

/** Where conversations are kept, a session each. */
export interface ConversationStore {
  /** The `store` label of its errors. */
  readonly name: 'disk' | 'redis';

  /**
   * Gives the exchanges of a session, oldest first; none of one that is not there.
   *
   * @throws {StoreError} when it cannot be read.
   * @throws {SessionError} when what is kept is not what was written, or no session can have that name.
   */
  load(session: string): Promise<readonly Exchange[]>;

  /** Adds an exchange, also when others add at the same time; the oldest may go. Throws as `load` does. */
  append(session: string, exchange: Exchange): Promise<void>;

  /** Forgets a session; gives whether there was one. Throws as `load` does, but for what is kept. */
  clear(session: string): Promise<boolean>;

  /** Names the sessions there are. Throws a `StoreError`. */
  list(): Promise<readonly string[]>;

  /** Lets go of connections; what is kept stays. */
  close(): Promise<void>;
}
