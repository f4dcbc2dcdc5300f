import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Limits the requests per second of each key. It never waits. */
export class RequestRate {
  readonly #limiter: RateLimiterMemory;

  /** @param perSecond Greater than 0. A rate below 1 admits one request every `1 / perSecond` seconds. */
  constructor(perSecond: number) {
    const points = Math.max(1, Math.floor(perSecond));
    this.#limiter = new RateLimiterMemory({ points, duration: points / perSecond });
  }

  /** Admits a request and returns undefined, or returns the seconds until the next request is allowed. */
  async take(key: string): Promise<number | undefined> {
    try {
      await this.#limiter.consume(key);
      return undefined;
    } catch (rejection) {
      if (!(rejection instanceof RateLimiterRes)) throw rejection;
      return rejection.msBeforeNext / 1000;
    }
  }
}
