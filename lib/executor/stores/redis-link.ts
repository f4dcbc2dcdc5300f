import { isIP } from 'node:net';
import type { Redis } from 'ioredis';
import { StoreError } from '../errors/store-errors.js';
import { type RedisAddress, redisAddress } from '../redis/redis-address.js';
import { failureText, withoutCommand } from '../redis/redis-failure.js';
import { tooLate, within } from './within.js';

/** A connected client of ioredis. */
export type RedisClient = Redis;

type RedisLibrary = Pick<typeof import('ioredis'), 'Redis'>;

/** Limits of a {@link RedisLink}. */
export interface RedisLinkOptions {
  /** The deadline of one operation, including the connection, in milliseconds. Default: 500. */
  readonly deadlineMilliseconds?: number | undefined;
  /** After a failure, operations fail immediately for this long, in milliseconds. Default: 1000. */
  readonly restMilliseconds?: number | undefined;
}

const defaultPort = 6379;

/**
 * A connection to a Redis server that may be unavailable.
 *
 * The first operation connects, and so does the first operation after the connection was lost. After a failed
 * connection or a missed deadline, the link closes the connection, and operations fail immediately for a while. The
 * connection does not keep the process alive.
 */
export class RedisLink {
  readonly address: RedisAddress;
  readonly #deadline: number;
  readonly #rest: number;
  #client: RedisClient | undefined;
  #connecting: Promise<RedisClient> | undefined;
  #unavailableUntil = 0;
  #lastProblem = '';

  /** @throws {StoreSettingsError} if `url` is not an address of a Redis server. */
  constructor(url: string, { deadlineMilliseconds = 500, restMilliseconds = 1000 }: RedisLinkOptions = {}) {
    this.address = redisAddress(url);
    this.#deadline = deadlineMilliseconds;
    this.#rest = restMilliseconds;
  }

  /**
   * Runs work with a connected client. `operation` is a verb for error messages.
   *
   * @throws {StoreError} if the work fails or misses the deadline.
   */
  async use<Result>(operation: string, work: (client: RedisClient) => Promise<Result>): Promise<Result> {
    if (performance.now() < this.#unavailableUntil) throw this.#failure(operation, this.#lastProblem);
    // The deadline excludes the time to load the library, which can be long on a busy machine.
    const library = await import('ioredis');
    let result: Result | typeof tooLate;
    try {
      result = await within(this.#deadline, this.#connected(library).then(work));
    } catch (error) {
      const cause = withoutCommand(error);
      if (this.#client?.status !== 'ready') this.#drop(failureText(cause));
      throw this.#failure(operation, failureText(cause), cause);
    }
    if (result !== tooLate) return result;
    const problem = `no reply within ${this.#deadline} ms`;
    this.#drop(problem);
    throw this.#failure(operation, problem);
  }

  /** Closes the connection. Running operations fail. */
  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    client?.disconnect();
  }

  #failure(operation: string, problem: string, cause?: unknown): StoreError {
    return new StoreError(`The Redis at ${this.address.shown} failed to ${operation}: ${problem}.`, {
      store: 'redis',
      operation,
      ...(cause === undefined ? {} : { cause }),
    });
  }

  #drop(problem: string): void {
    this.#unavailableUntil = performance.now() + this.#rest;
    this.#lastProblem = problem;
    this.#connecting = undefined;
    void this.close();
  }

  #connected(library: RedisLibrary): Promise<RedisClient> {
    if (this.#client?.status === 'ready' && this.#connecting === undefined) return Promise.resolve(this.#client);
    if (this.#connecting !== undefined) return this.#connecting;
    const connecting = this.#connect(library).finally(() => {
      if (this.#connecting === connecting) this.#connecting = undefined;
    });
    this.#connecting = connecting;
    return connecting;
  }

  async #connect({ Redis }: RedisLibrary): Promise<RedisClient> {
    const { protocol, hostname, port, username, password, pathname } = new URL(this.address.url);
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const client = new Redis({
      host,
      port: Number(port || defaultPort),
      ...(protocol === 'rediss:' ? { tls: isIP(host) === 0 ? { servername: host } : {} } : {}),
      lazyConnect: true,
      connectTimeout: this.#deadline,
      // By default, ioredis waits 2 s for the server before it closes a connection, and keeps the process alive
      // meanwhile.
      disconnectTimeout: 0,
      retryStrategy: null,
      enableOfflineQueue: false,
      // The ready check sends INFO, and the client info is sent with CLIENT SETINFO. A restricted user may not be
      // allowed to run these commands, and ioredis prints some of the resulting errors. So both are off.
      enableReadyCheck: false,
      disableClientInfo: true,
      protocol: 2,
    });
    // ioredis rejects with "Connection is closed." and emits the reason.
    let reason: unknown;
    client.on('error', (error) => {
      reason ??= error;
    });
    this.#client = client;
    try {
      await client.connect();
      client.stream.unref();
      // This code logs in and selects the database itself. ioredis would continue if the server rejects the database,
      // and would only print a warning for some rejected passwords.
      const [user, secret] = [username, password].map(decodeURIComponent);
      if (user) await client.auth(user, secret ?? '');
      else if (secret) await client.auth(secret);
      const database = Number(pathname.slice(1));
      if (database !== 0) await client.select(database);
      return client;
    } catch (error) {
      client.disconnect();
      if (this.#client === client) this.#client = undefined;
      throw reason ?? error;
    }
  }
}
