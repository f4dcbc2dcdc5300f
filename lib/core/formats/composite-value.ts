import { nativeCount } from '../metrics/native/merge-native.js';
import type { NativeBuckets, NativeHistogram } from '../metrics/native/native-histogram.js';
import { formatValue } from './escape.js';

// Composite values of OpenMetrics 2.0: https://prometheus.io/docs/specs/om/open_metrics_spec_2_0/

/** The values of a histogram. */
export interface HistogramValues {
  /** The upper bounds as text, ascending. The last one is +Inf. */
  readonly bounds: readonly string[];
  /** The cumulative count of each bound. */
  readonly counts: readonly number[];
  readonly sum: number;
  readonly native?: NativeHistogram | undefined;
}

/**
 * Writes the value of a histogram.
 *
 * If there are native buckets, they determine the count. It can be larger than the classic count, because the native
 * buckets are read later.
 */
export function histogramValue({ bounds, counts, sum, native }: HistogramValues): string {
  const last = bounds.length - 1;
  const count = native === undefined ? counts[last]! : nativeCount(native);
  let text = `{count:${count},sum:${formatValue(sum)}${native ? nativeFields(native) : ''},bucket:[`;
  for (let index = 0; index < last; index++) text += `${bounds[index]}:${Math.min(counts[index]!, count)},`;
  return `${text}${bounds[last]}:${count}]}`;
}

function nativeFields({ schema, zeroThreshold, zeroCount, negative, positive }: NativeHistogram): string {
  const fields = `,schema:${schema},zero_threshold:${zeroThreshold},zero_count:${zeroCount}`;
  return `${fields}${bucketFields('negative', negative)}${bucketFields('positive', positive)}`;
}

/** Writes buckets as spans: the gap to the previous span, and the number of buckets. */
function bucketFields(sign: string, { indexes, counts }: NativeBuckets): string {
  if (indexes.length === 0) return '';
  const spans: { readonly offset: number; length: number }[] = [];
  let next = 0;
  for (const index of indexes) {
    const last = spans.at(-1);
    if (last !== undefined && index === next) last.length++;
    else spans.push({ offset: index - next, length: 1 });
    next = index + 1;
  }
  const shown = spans.map(({ offset, length }) => `${offset}:${length}`);
  return `,${sign}_spans:[${shown.join(',')}],${sign}_buckets:[${counts.join(',')}]`;
}

/** The values of a summary. */
export interface SummaryValues {
  /** The quantiles in any order. */
  readonly quantiles: readonly number[];
  /** The value of each quantile. NaN if it is unknown. */
  readonly values: readonly number[];
  readonly count: number;
  readonly sum: number;
}

/**
 * Writes the value of a summary.
 *
 * Returns `undefined` if a value, the sum or the count is negative, or the sum or the count is NaN. The format does not
 * allow these numbers.
 */
export function summaryValue({ quantiles, values, count, sum }: SummaryValues): string | undefined {
  if (!(count >= 0 && sum >= 0) || values.some((value) => value < 0)) return undefined;
  const shown = quantiles
    .map((quantile, index) => [quantile, values[index] ?? Number.NaN] as const)
    .sort(([a], [b]) => a - b)
    .map(([quantile, value]) => `${formatValue(quantile)}:${formatValue(value)}`);
  return `{count:${formatValue(count)},sum:${formatValue(sum)},quantile:[${shown.join(',')}]}`;
}
