import type { ObjectiveWindow } from '../queries/recorded.js';

/** A burn rate of an error budget: a factor, which must be exceeded in a long and in a short window. */
export interface BurnRate {
  readonly factor: number;
  readonly long: ObjectiveWindow;
  readonly short: ObjectiveWindow;
}

/**
 * Burn rates that use up a monthly budget in days. They page the on-call engineer.
 *
 * The factors and windows of both tables are from the Site Reliability Workbook, chapter 5.
 */
export const fastBurnRates: readonly BurnRate[] = [
  { factor: 14.4, long: '1h', short: '5m' },
  { factor: 6, long: '6h', short: '30m' },
];

/** Burn rates that use up a monthly budget before its end. They need attention on the same day. */
export const slowBurnRates: readonly BurnRate[] = [
  { factor: 3, long: '1d', short: '2h' },
  { factor: 1, long: '3d', short: '6h' },
];

/** With fewer requests in the long window, shares are not meaningful. */
const minimumRequests = 10;

/**
 * Upper limit of the threshold for the share of bad requests. Without it, a large factor could require a share above 1,
 * which is impossible.
 */
const highestThreshold = 0.9;

const seconds: Readonly<Record<ObjectiveWindow, number>> = {
  '5m': 300,
  '30m': 1_800,
  '1h': 3_600,
  '2h': 7_200,
  '6h': 21_600,
  '1d': 86_400,
  '3d': 259_200,
};

/** The burn rate at the threshold. It is smaller than `factor` if the threshold is capped at `highestThreshold`. */
export function burnFactor(factor: number, budget: number): number {
  return Number(Math.min(factor, highestThreshold / budget).toPrecision(3));
}

/** Expressions of an objective, by time window. */
export interface BurnQueries {
  /** The share of bad requests per job, 0 to 1. */
  readonly badShare: (window: ObjectiveWindow) => string;
  /** The requests per second and job. */
  readonly requestRate: (window: ObjectiveWindow) => string;
}

/** An expression that is true while one of the burn rates is exceeded in its long and its short window. */
export function burnExpression(
  rates: readonly BurnRate[],
  budget: number,
  { badShare, requestRate }: BurnQueries,
): string {
  return rates
    .map(({ factor, long, short }) => {
      const threshold = Math.min(Number((factor * budget).toPrecision(6)), highestThreshold);
      const enough = `${requestRate(long)} * ${seconds[long]} >= ${minimumRequests}`;
      return `(${badShare(long)} > ${threshold} and ${badShare(short)} > ${threshold} and ${enough})`;
    })
    .join(' or ');
}
