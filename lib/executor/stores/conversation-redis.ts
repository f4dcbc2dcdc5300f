import { SessionError } from '../errors/store-errors.js';
import type { ConversationStore } from './conversation-store.js';
import { type Exchange, readExchange, writeExchange } from './exchange.js';
import { type RedisClient, RedisLink, type RedisLinkOptions } from './redis-link.js';
import { sessionFile } from './session-name.js';

/** Limits of conversations in Redis. */
export interface ConversationRedisOptions extends RedisLinkOptions {
  /** The number of exchanges that are stored per session. Older exchanges are deleted. */
  readonly maxExchanges: number;
}

/** The key of the set of all session names. */
const namesKey = 'tinyllm:sessions';

/** Stores conversations in Redis: one list `tinyllm:session:NAME` per session, with one JSON text per exchange. */
export class ConversationRedis implements ConversationStore {
  readonly name = 'redis';
  readonly #link: RedisLink;
  readonly #maxExchanges: number;

  /** @throws {StoreSettingsError} if `url` is not an address of a Redis server. */
  constructor(url: string, { maxExchanges, ...options }: ConversationRedisOptions) {
    this.#link = new RedisLink(url, options);
    this.#maxExchanges = maxExchanges;
  }

  async load(session: string): Promise<readonly Exchange[]> {
    const key = keyOf(session);
    const lines = await this.#link.use('load', (client) => client.lrange(key, 0, -1));
    return lines.map((line, index) => {
      const exchange = readExchange(line);
      if (exchange !== undefined) return exchange;
      throw new SessionError(
        `Index ${index} of ${key} in the Redis at ${this.#link.address.shown} is not an exchange of a conversation; repair or delete the list.`,
      );
    });
  }

  async append(session: string, exchange: Exchange): Promise<void> {
    const key = keyOf(session);
    await this.#link.use('append', (client) =>
      execute(
        client.multi().rpush(key, writeExchange(exchange)).ltrim(key, -this.#maxExchanges, -1).sadd(namesKey, session),
      ),
    );
  }

  async clear(session: string): Promise<boolean> {
    const key = keyOf(session);
    const [deleted] = await this.#link.use('clear', (client) =>
      execute(client.multi().del(key).srem(namesKey, session)),
    );
    return Number(deleted) > 0;
  }

  async list(): Promise<readonly string[]> {
    return (await this.#link.use('list', (client) => client.smembers(namesKey))).sort();
  }

  async close(): Promise<void> {
    await this.#link.close();
  }
}

/**
 * Executes a transaction and returns its replies. Throws the error of the first command that failed or was not queued.
 */
async function execute(transaction: ReturnType<RedisClient['multi']>): Promise<readonly unknown[]> {
  const replies = await transaction.exec().catch((error: { readonly previousErrors?: readonly unknown[] }) => {
    throw error.previousErrors?.[0] ?? error;
  });
  return (replies ?? []).map(([error, reply]) => {
    if (error !== null) throw error;
    return reply;
  });
}

/** Accepts the same session names as the files on disk. Throws a `SessionError` for others. */
function keyOf(session: string): string {
  sessionFile(session);
  return `tinyllm:session:${session}`;
}
