import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Lets so many requests a second through of each key, and turns the others away. */
export class RequestRate {
  readonly #limiter: RateLimiterMemory;

  /** @param perSecond More than 0; of rates below one a second, one is let through in so many seconds. */
  constructor(perSecond: number) {
    const points = Math.max(1, Math.floor(perSecond));
    this.#limiter = new RateLimiterMemory({ points, duration: points / perSecond });
  }

  /** Takes a request's place: undefined when it may go, else the seconds after which another one may. */
  async take(key: string): Promise<number | undefined> {
    try {
      await this.#limiter.consume(key);
      return undefined;
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return refusal.msBeforeNext / 1000;
    }
  }
}
