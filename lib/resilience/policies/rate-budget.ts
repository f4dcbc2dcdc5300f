/** What a rate limits: requests, or tokens. */
export type RateUnit = 'requests' | 'tokens';

/** Points that may be taken in a minute, counted for one process or for several. */
export interface RateBudget {
  /** Points of a minute. */
  readonly points: number;
  /** Takes points. Returns after how many milliseconds to ask again if there are not enough left, else undefined. */
  take(points: number): Promise<number | undefined>;
  /** Takes points that have been spent already, even if there are not enough left. */
  spend(points: number): Promise<void>;
}

/** Opens the budget of a limit, of so many points per minute. */
export type OpenRateBudget = (unit: RateUnit, points: number) => RateBudget;
