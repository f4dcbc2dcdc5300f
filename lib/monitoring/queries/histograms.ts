import type { HistogramVariant } from '../settings/histogram-variant.js';
import type { QueriedMetric } from './additional-labels.js';
import { rateOf, type Scope } from './promql.js';

/**
 * Returns the labels of a sum of histograms: those of the result, and the label of the buckets for classic histograms.
 */
export function histogramLabels(by: readonly string[], histograms: HistogramVariant = 'classic'): readonly string[] {
  return histograms === 'native' ? by : [...by, 'le'];
}

/** The observations per second in each bucket, summed by labels. */
export function bucketRates(metric: QueriedMetric, scope: Scope, by: readonly string[] = []): string {
  if (isNative(metric, scope)) return rateOf(metric, scope, by);
  return rateOf(metric, scope, histogramLabels(by), '_bucket');
}

/** A quantile of summed histograms. Without observations, the result is empty, not NaN. */
export function quantileIn(buckets: string, quantile: number): string {
  return `histogram_quantile(${quantile}, ${buckets}) >= 0`;
}

/** A quantile of a histogram, by labels. Empty without observations. */
export function quantileOf(quantile: number, metric: QueriedMetric, scope: Scope, by: readonly string[] = []): string {
  return quantileIn(bucketRates(metric, scope, by), quantile);
}

/** The mean of the observations of a histogram, by labels. Empty without observations. */
export function meanOf(metric: QueriedMetric, scope: Scope, by: readonly string[] = []): string {
  if (isNative(metric, scope)) return `histogram_avg(${bucketRates(metric, scope, by)}) >= 0`;
  return `${rateOf(metric, scope, by, '_sum')} / (${rateOf(metric, scope, by, '_count')} > 0)`;
}

/** The observations per second, summed by labels. */
export function observationRate(metric: QueriedMetric, scope: Scope, by: readonly string[] = []): string {
  if (isNative(metric, scope)) return `histogram_count(${bucketRates(metric, scope, by)})`;
  return rateOf(metric, scope, by, '_count');
}

/** Which observations of a histogram count. */
export interface ObservationLimit {
  /** The largest value that counts. For classic histograms, it must be a bucket bound. */
  readonly atMost: number;
  readonly by?: readonly string[];
}

/**
 * The observations per second that are at most a limit, summed by labels.
 *
 * In a native histogram, the bucket that contains the limit counts in part, by interpolation.
 */
export function observationRateUpTo(
  metric: QueriedMetric,
  scope: Scope,
  { atMost, by = [] }: ObservationLimit,
): string {
  if (!isNative(metric, scope)) {
    const matchers = { ...scope.matchers, le: boundMatcher(atMost) };
    return rateOf(metric, { ...scope, matchers }, by, '_bucket');
  }
  const buckets = bucketRates(metric, scope, by);
  const count = `histogram_count(${buckets})`;
  // From -Inf, because a fraction from 0 includes only half of the observations if all of them are 0. Without
  // observations, the fraction is NaN, and the result is the count, which is 0.
  return `${count} * histogram_fraction(-Inf, ${atMost}, ${buckets}) >= 0 or ${count}`;
}

/** Whether an expression reads a native histogram. */
function isNative({ isShared = false }: QueriedMetric, { histograms }: Scope): boolean {
  return histograms === 'native' && !isShared;
}

/** OpenMetrics writes an integer bound as `10.0`, the text format as `10`. */
function boundMatcher(bound: number): string {
  return Number.isInteger(bound) ? `=~"${bound}([.]0)?"` : `="${bound}"`;
}
