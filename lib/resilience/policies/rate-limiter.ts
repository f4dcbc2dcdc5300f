import PQueue from 'p-queue';
import { LocalRateBudget } from './local-rate-budget.js';
import type { OpenRateBudget, RateBudget } from './rate-budget.js';
import { wait } from './wait.js';

/** Limits per minute. Default: no limit. */
export interface RateLimits {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
}

/** Options of a {@link RateLimiter}. */
export interface RateLimiterOptions extends RateLimits {
  /** Called for each admitted request with the seconds it waited. */
  readonly onWait?: (seconds: number) => void;
  /** Returns the seconds of a monotonic clock. Default: `performance.now`. */
  readonly clock?: () => number;
  /** Creates the budget of each limit. Default: a {@link LocalRateBudget}. */
  readonly openBudget?: OpenRateBudget | undefined;
}

/**
 * Limits requests and tokens per minute. Requests over a limit wait in the order of their arrival.
 *
 * A window of one minute begins with the first request after the end of the previous window. A request with more tokens
 * than the limit uses the budget of one whole window. Tokens that a request used beyond its estimate are subtracted
 * afterwards, so later requests wait longer. Processes that share budgets do not share one queue.
 */
export class RateLimiter {
  readonly #requests: RateBudget | undefined;
  readonly #tokens: RateBudget | undefined;
  readonly #queue = new PQueue({ concurrency: 1 });
  readonly #onWait: (seconds: number) => void;
  readonly #clock: () => number;

  constructor(options: RateLimiterOptions) {
    const { requestsPerMinute, tokensPerMinute, openBudget = (_unit, points) => new LocalRateBudget(points) } = options;
    this.#requests = requestsPerMinute === undefined ? undefined : openBudget('requests', requestsPerMinute);
    this.#tokens = tokensPerMinute === undefined ? undefined : openBudget('tokens', tokensPerMinute);
    this.#onWait = options.onWait ?? (() => undefined);
    this.#clock = options.clock ?? (() => performance.now() / 1000);
  }

  /**
   * Resolves when a request with this estimated number of tokens may be sent. Rejects with the signal's reason on
   * abort.
   */
  async acquire(tokens: number, signal?: AbortSignal): Promise<void> {
    const arrived = this.#clock();
    await this.#queue.add(
      async () => {
        await take(this.#requests, 1, signal);
        await take(this.#tokens, tokens, signal);
      },
      signal === undefined ? {} : { signal },
    );
    this.#onWait(Math.max(0, this.#clock() - arrived));
  }

  /** Subtracts tokens that a request used in addition to its estimate. */
  async spend(tokens: number): Promise<void> {
    if (tokens > 0) await this.#tokens?.spend(tokens);
  }
}

async function take(budget: RateBudget | undefined, points: number, signal?: AbortSignal): Promise<void> {
  if (budget === undefined) return;
  for (;;) {
    const milliseconds = await budget.take(Math.min(points, budget.points));
    if (milliseconds === undefined) return;
    await wait(Math.max(1, milliseconds) / 1000, signal);
  }
}
