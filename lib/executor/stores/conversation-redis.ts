import { SessionError } from '../errors/store-errors.js';
import type { ConversationStore } from './conversation-store.js';
import { type Exchange, readExchange, writeExchange } from './exchange.js';
import { RedisLink, type RedisLinkOptions } from './redis-link.js';
import { sessionFile } from './session-name.js';

/** How much of each conversation a Redis holds. */
export interface ConversationRedisOptions extends RedisLinkOptions {
  readonly maxExchanges: number;
}

/** The set of the names of all sessions. */
const namesKey = 'tinyllm:sessions';

/** Conversations in a Redis: a list a session, `tinyllm:session:NAME`, with a line of JSON an exchange. */
export class ConversationRedis implements ConversationStore {
  readonly name = 'redis';
  readonly #link: RedisLink;
  readonly #maxExchanges: number;

  /** @throws {StoreSettingsError} when `url` is no address. */
  constructor(url: string, { maxExchanges, ...options }: ConversationRedisOptions) {
    this.#link = new RedisLink(url, options);
    this.#maxExchanges = maxExchanges;
  }

  async load(session: string): Promise<readonly Exchange[]> {
    const key = keyOf(session);
    const lines = await this.#link.use('load', (client) => client.lRange(key, 0, -1));
    return lines.map((line, index) => {
      const exchange = readExchange(line);
      if (exchange !== undefined) return exchange;
      throw new SessionError(
        `${key} in the Redis at ${this.#link.address.shown} has at index ${index} no exchange of a conversation; repair or delete the list.`,
      );
    });
  }

  async append(session: string, exchange: Exchange): Promise<void> {
    const key = keyOf(session);
    await this.#link.use('append', (client) =>
      client
        .multi()
        .rPush(key, writeExchange(exchange))
        .lTrim(key, -this.#maxExchanges, -1)
        .sAdd(namesKey, session)
        .exec(),
    );
  }

  async clear(session: string): Promise<boolean> {
    const key = keyOf(session);
    const [gone] = await this.#link.use('clear', (client) => client.multi().del(key).sRem(namesKey, session).exec());
    return Number(gone) > 0;
  }

  async list(): Promise<readonly string[]> {
    return (await this.#link.use('list', (client) => client.sMembers(namesKey))).sort();
  }

  async close(): Promise<void> {
    await this.#link.close();
  }
}

/** The same names are sessions everywhere. */
function keyOf(session: string): string {
  sessionFile(session);
  return `tinyllm:session:${session}`;
}
