import { LocalRateBudget, type RateBudget } from '@tinyllm/resilience';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { type RedisClient, RedisLink, type RedisLinkOptions } from './redis-link.js';
import { StoreGuard, type StoreProblemListener } from './store-guard.js';

const keyPrefix = 'tinyllm:rate';
const windowSeconds = 60;

/** Options of {@link RedisRateBudgets}. */
export interface RedisRateBudgetsOptions extends RedisLinkOptions {
  /** Called once per outage of the Redis server. */
  readonly onProblem?: StoreProblemListener | undefined;
}

/**
 * Rate limits that several processes share through a Redis server, with keys `tinyllm:rate:KEY` that expire after a
 * minute.
 *
 * While the server doesn't answer, each process applies the limits on its own.
 */
export class RedisRateBudgets {
  readonly #link: RedisLink;
  readonly #guard: StoreGuard;

  /** @throws {StoreSettingsError} if `url` is not an address of a Redis server. */
  constructor(url: string, { onProblem, ...limits }: RedisRateBudgetsOptions = {}) {
    this.#link = new RedisLink(url, limits);
    this.#guard = new StoreGuard(onProblem);
  }

  /**
   * Opens the budget of a key. `points` is the limit per minute, in requests or tokens.
   *
   * Processes with the same key share the count of used points. Each compares it with its own limit.
   */
  open(key: string, points: number): RateBudget {
    const local = new LocalRateBudget(points);
    const limiters = new WeakMap<RedisClient, RateLimiterRedis>();
    const use = (work: (limiter: RateLimiterRedis) => Promise<unknown>): Promise<Counted | undefined> =>
      this.#guard.attempt(() =>
        this.#link.use('count requests', async (client) => {
          const limiter =
            limiters.get(client) ??
            new RateLimiterRedis({ storeClient: client, keyPrefix, points, duration: windowSeconds });
          limiters.set(client, limiter);
          return counted(work(limiter));
        }),
      );
    return {
      points,
      take: async (taken) => {
        const shared = await use((limiter) => limiter.consume(key, taken));
        return shared === undefined ? local.take(taken) : shared.waitMilliseconds;
      },
      spend: async (spent) => {
        if ((await use((limiter) => limiter.penalty(key, spent))) === undefined) await local.spend(spent);
      },
    };
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    await this.#link.close();
  }
}

/** The result of a request to the Redis server. */
interface Counted {
  /** Undefined if the points were taken. */
  readonly waitMilliseconds: number | undefined;
}

/** If too few points are left, the library rejects with an object that is not an `Error`. */
async function counted(work: Promise<unknown>): Promise<Counted> {
  try {
    await work;
    return { waitMilliseconds: undefined };
  } catch (rejection) {
    if (!(rejection instanceof RateLimiterRes)) throw rejection;
    return { waitMilliseconds: rejection.msBeforeNext };
  }
}
