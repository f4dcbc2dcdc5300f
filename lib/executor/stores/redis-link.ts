import type { RedisClientType } from '@keyv/redis';
import { StoreError } from '../errors/store-errors.js';
import { type RedisAddress, redisAddress } from '../redis/redis-address.js';
import { tooLate, within } from './within.js';

/** A connected client of the Redis protocol. */
export type RedisClient = RedisClientType;

type RedisLibrary = Pick<typeof import('@keyv/redis'), 'createClient'>;

/** How patient a link is. */
export interface RedisLinkOptions {
  /** How long one operation may take, connecting included; default 500. */
  readonly deadlineMilliseconds?: number | undefined;
  /** How long a Redis that failed is left alone; default 1000. */
  readonly restMilliseconds?: number | undefined;
}

/**
 * A connection to a Redis that may not be there.
 *
 * It connects at its first operation, and again at the first one after it was lost. One that does not connect or answer in
 * time is dropped and left alone for a while, in which operations fail at once. The connection holds no process.
 */
export class RedisLink {
  readonly address: RedisAddress;
  readonly #deadline: number;
  readonly #rest: number;
  #client: RedisClient | undefined;
  #connecting: Promise<RedisClient> | undefined;
  #restsUntil = 0;
  #lastProblem = '';

  /** @throws {StoreSettingsError} when `url` is no address. */
  constructor(url: string, { deadlineMilliseconds = 500, restMilliseconds = 1000 }: RedisLinkOptions = {}) {
    this.address = redisAddress(url);
    this.#deadline = deadlineMilliseconds;
    this.#rest = restMilliseconds;
  }

  /**
   * Does something with a connected client.
   *
   * @throws {StoreError} when it cannot be done in time.
   */
  async use<Result>(operation: string, work: (client: RedisClient) => Promise<Result>): Promise<Result> {
    if (performance.now() < this.#restsUntil) throw this.#failure(operation, this.#lastProblem);
    // Loading it may take long on a busy machine, which is no fault of the Redis.
    const library = await import('@keyv/redis');
    let result: Result | typeof tooLate;
    try {
      result = await within(this.#deadline, this.#connected(library).then(work));
    } catch (cause) {
      if (this.#client?.isReady !== true) this.#drop(reasonOf(cause));
      throw this.#failure(operation, reasonOf(cause), cause);
    }
    if (result !== tooLate) return result;
    const problem = `no answer within ${this.#deadline} ms`;
    this.#drop(problem);
    throw this.#failure(operation, problem);
  }

  /** Lets go of the connection; an operation under way fails. */
  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client?.isOpen) client.destroy();
  }

  #failure(operation: string, problem: string, cause?: unknown): StoreError {
    return new StoreError(`The Redis at ${this.address.shown} failed to ${operation}: ${problem}.`, {
      store: 'redis',
      operation,
      ...(cause === undefined ? {} : { cause }),
    });
  }

  #drop(problem: string): void {
    this.#restsUntil = performance.now() + this.#rest;
    this.#lastProblem = problem;
    this.#connecting = undefined;
    void this.close();
  }

  #connected(library: RedisLibrary): Promise<RedisClient> {
    if (this.#client?.isReady) return Promise.resolve(this.#client);
    if (this.#connecting !== undefined) return this.#connecting;
    const connecting = this.#connect(library).finally(() => {
      if (this.#connecting === connecting) this.#connecting = undefined;
    });
    this.#connecting = connecting;
    return connecting;
  }

  async #connect({ createClient }: RedisLibrary): Promise<RedisClient> {
    const client: RedisClient = createClient({
      url: this.address.url,
      socket: { connectTimeout: this.#deadline, reconnectStrategy: false },
    });
    // A lost connection shows at the next operation.
    client.on('error', () => undefined);
    this.#client = client;
    await client.connect();
    client.unref();
    return client;
  }
}

function reasonOf(cause: unknown): string {
  const { message, code } = cause as { readonly message?: string; readonly code?: string };
  // Of several addresses that all refuse, Node says no word but the code.
  const words = [message, code, String(cause)].find((candidate) => candidate !== undefined && candidate !== '') ?? '';
  // Redis ends some of its sentences itself, and ours go on.
  return words.replace(/\.$/, '');
}
