import PQueue from 'p-queue';
import { LocalRateBudget } from './local-rate-budget.js';
import type { OpenRateBudget, RateBudget } from './rate-budget.js';
import { wait } from './wait.js';

/** How much may be sent in a minute; what is left out is not limited. */
export interface RateLimits {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
}

/** What a {@link RateLimiter} tells, and by which clock. */
export interface RateLimiterOptions extends RateLimits {
  /** Told of each request that may go, with the seconds it waited. */
  readonly onWait?: (seconds: number) => void;
  /** Seconds on a clock that never goes back; default the process's own. */
  readonly clock?: () => number;
  /** Opens what counts the requests or tokens of a minute; default a {@link LocalRateBudget}. */
  readonly openBudget?: OpenRateBudget | undefined;
}

/**
 * Lets so many requests and tokens through in a minute, and keeps the others waiting in the order they came.
 *
 * A minute begins with the first request after the last minute's end. A request for more tokens than a minute has is let
 * through as the only one of its minute. The tokens that a request used beyond its estimate are
 * subtracted afterwards, so later requests wait longer. Processes that share budgets don't share one queue.
 */
export class RateLimiter {
  readonly #requests: RateBudget | undefined;
  readonly #tokens: RateBudget | undefined;
  readonly #line = new PQueue({ concurrency: 1 });
  readonly #onWait: (seconds: number) => void;
  readonly #clock: () => number;

  constructor(options: RateLimiterOptions) {
    const { requestsPerMinute, tokensPerMinute, openBudget = (_unit, points) => new LocalRateBudget(points) } = options;
    this.#requests = requestsPerMinute === undefined ? undefined : openBudget('requests', requestsPerMinute);
    this.#tokens = tokensPerMinute === undefined ? undefined : openBudget('tokens', tokensPerMinute);
    this.#onWait = options.onWait ?? (() => undefined);
    this.#clock = options.clock ?? (() => performance.now() / 1000);
  }

  /** Resolves when a request of about so many tokens may go. Ends at once with the signal's reason. */
  async acquire(tokens: number, signal?: AbortSignal): Promise<void> {
    const arrived = this.#clock();
    await this.#line.add(
      async () => {
        await take(this.#requests, 1, signal);
        await take(this.#tokens, tokens, signal);
      },
      signal === undefined ? {} : { signal },
    );
    this.#onWait(Math.max(0, this.#clock() - arrived));
  }

  /** Tells of tokens that were used beyond what was acquired. */
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
