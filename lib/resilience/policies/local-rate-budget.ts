import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateBudget } from './rate-budget.js';

/** In seconds. */
const span = 60;
const key = 'all';

/** Counts for this process. A minute begins with the first request after the last minute's end. */
export class LocalRateBudget implements RateBudget {
  readonly points: number;
  readonly #limiter: RateLimiterMemory;

  constructor(points: number) {
    this.points = points;
    this.#limiter = new RateLimiterMemory({ points, duration: span });
  }

  async take(points: number): Promise<number | undefined> {
    try {
      await this.#limiter.consume(key, points);
      return undefined;
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return refusal.msBeforeNext;
    }
  }

  async spend(points: number): Promise<void> {
    await this.#limiter.penalty(key, points);
  }
}
