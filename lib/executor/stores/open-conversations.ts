import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { getMetricsCollector } from 'tinyllm';
import { ConversationFiles } from './conversation-files.js';
import { ConversationRedis } from './conversation-redis.js';
import type { ConversationStore } from './conversation-store.js';
import type { ExchangeBounds } from './exchange.js';

/** Where conversations are kept. */
export interface ConversationPlace {
  /** The address of a Redis, `redis://…` or `rediss://…`; default this machine's disk. */
  readonly store?: string | undefined;
  /** The folder on disk; default `sessions` in `TINYLLM_HOME`, else in the user's folder for state. */
  readonly folder?: string | undefined;
}

/** What is kept of a session. A Redis keeps to the number alone. */
const kept: ExchangeBounds = { exchanges: 200, characters: 1024 ** 2 };

/**
 * Connects where conversations are kept.
 *
 * @throws {StoreSettingsError} when `store` is no address of a Redis.
 */
export function openConversations({ store, folder }: ConversationPlace = {}): ConversationStore {
  return counted(
    store === undefined
      ? new ConversationFiles({ folder: folder ?? join(stateFolder(), 'sessions'), bounds: kept })
      : new ConversationRedis(store, { maxExchanges: kept.exchanges }),
  );
}

/** The same store, with its operations counted as they start. */
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
 * The folder for what outlives a run.
 *
 * `TINYLLM_HOME`; else `tinyllm` in `XDG_STATE_HOME`, which counts only as an absolute path; else
 * `~/.local/state/tinyllm`. Source: https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function stateFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const { TINYLLM_HOME: home = '', XDG_STATE_HOME: state = '' } = environment;
  if (home !== '') return resolve(home);
  return join(isAbsolute(state) ? state : join(homedir(), '.local', 'state'), 'tinyllm');
}
