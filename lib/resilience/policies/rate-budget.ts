/** The unit of a rate limit. */
export type RateUnit = 'requests' | 'tokens';

/**
 * A number of points per minute, for one process or shared by several processes. A point is one request or one token,
 * depending on the unit.
 */
export interface RateBudget {
  /** The number of points per minute. */
  readonly points: number;
  /** Takes points. Returns the milliseconds to wait before the next attempt, or undefined if the points were taken. */
  take(points: number): Promise<number | undefined>;
  /** Subtracts points that were already used, even if too few are left. */
  spend(points: number): Promise<void>;
}

/** A function that creates the budget of a rate limit, with this number of points per minute. */
export type OpenRateBudget = (unit: RateUnit, points: number) => RateBudget;
