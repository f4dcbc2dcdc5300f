import { type ObjectiveWindow, recorded } from '../queries/recorded.js';

/** The speeds at which an error budget is watched: how many times too fast, over a long and a short window. */
export interface BurnRate {
  readonly factor: number;
  readonly long: ObjectiveWindow;
  readonly short: ObjectiveWindow;
}

/**
 * Budgets that are used up in days: somebody gets up.
 *
 * Factors and windows of both tables are those of the Site Reliability Workbook, chapter 5, for a month's budget.
 */
export const fastBurnRates: readonly BurnRate[] = [
  { factor: 14.4, long: '1h', short: '5m' },
  { factor: 6, long: '6h', short: '30m' },
];

/** Budgets that would not last the month: somebody looks today. */
export const slowBurnRates: readonly BurnRate[] = [
  { factor: 3, long: '1d', short: '2h' },
  { factor: 1, long: '3d', short: '6h' },
];

/** Fewer requests than this in the long window say nothing of a share. */
const fewestRequests = 10;

/** Above this share of bad requests an alert fires whatever the budget: more than all cannot be bad. */
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

/** An expression that holds while one of the burn rates is gone past, in its long and its short window. */
export function burnExpression(
  rates: readonly BurnRate[],
  budget: number,
  badShare: (window: ObjectiveWindow) => string,
): string {
  return rates
    .map(({ factor, long, short }) => {
      const threshold = Math.min(Number((factor * budget).toPrecision(6)), highestThreshold);
      const enough = `sum by (job) (${recorded.requests(long)}) * ${seconds[long]} >= ${fewestRequests}`;
      return `(${badShare(long)} > ${threshold} and ${badShare(short)} > ${threshold} and ${enough})`;
    })
    .join(' or ');
}
