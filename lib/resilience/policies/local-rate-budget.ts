import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateBudget } from './rate-budget.js';

const windowSeconds = 60;
const key = 'all';

/**
 * A rate budget for this process. It counts in windows of one minute. A window begins with the first request after the
 * end of the previous window.
 */
export class LocalRateBudget implements RateBudget {
  readonly points: number;
  readonly #limiter: RateLimiterMemory;

  constructor(points: number) {
    this.points = points;
    this.#limiter = new RateLimiterMemory({ points, duration: windowSeconds });
  }

  async take(points: number): Promise<number | undefined> {
    try {
      await this.#limiter.consume(key, points);
      return undefined;
    } catch (rejection) {
      if (!(rejection instanceof RateLimiterRes)) throw rejection;
      return rejection.msBeforeNext;
    }
  }

  async spend(points: number): Promise<void> {
    await this.#limiter.penalty(key, points);
  }
}
