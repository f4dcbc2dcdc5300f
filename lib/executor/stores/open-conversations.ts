import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { getMetricsCollector } from 'tinyllm';
import { ConversationFiles } from './conversation-files.js';
import { ConversationRedis } from './conversation-redis.js';
import type { ConversationStore } from './conversation-store.js';
import type { ExchangeBounds } from './exchange.js';

/** The place where conversations are stored. */
export interface ConversationPlace {
  /** The address of a Redis server, `redis://…` or `rediss://…`. Default: files on this machine's disk. */
  readonly store?: string | undefined;
  /** The folder on disk. Default: `sessions` in `TINYLLM_HOME`, or else in the user's state folder. */
  readonly folder?: string | undefined;
}

/** Limits of a stored session. Redis applies only the limit of exchanges. */
const storedBounds: ExchangeBounds = { exchanges: 200, characters: 1024 ** 2 };

/**
 * Opens the store of the conversations. A Redis server is connected at the first operation.
 *
 * @throws {StoreSettingsError} if `store` is not an address of a Redis server.
 */
export function openConversations({ store, folder }: ConversationPlace = {}): ConversationStore {
  return counted(
    store === undefined
      ? new ConversationFiles({ folder: folder ?? join(stateFolder(), 'sessions'), bounds: storedBounds })
      : new ConversationRedis(store, { maxExchanges: storedBounds.exchanges }),
  );
}

/** Wraps a store, and counts each operation when it starts. */
function counted(store: ConversationStore): ConversationStore {
  const count = (operationType: string) => getMetricsCollector().incrementMemoryOperation({ operationType });
  return {
    name: store.name,
    load(session) {
      count('load');
      return store.load(session);
    },
    append(session, exchange) {
      count('append');
      return store.append(session, exchange);
    },
    clear(session) {
      count('clear');
      return store.clear(session);
    },
    list() {
      count('list');
      return store.list();
    },
    close: () => store.close(),
  };
}

/**
 * Returns the folder for data that persists between runs.
 *
 * It is `TINYLLM_HOME`, or else `tinyllm` in `XDG_STATE_HOME` if that is an absolute path, or else
 * `~/.local/state/tinyllm`. Source: https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function stateFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const { TINYLLM_HOME: home = '', XDG_STATE_HOME: state = '' } = environment;
  if (home !== '') return resolve(home);
  return join(isAbsolute(state) ? state : join(homedir(), '.local', 'state'), 'tinyllm');
}
