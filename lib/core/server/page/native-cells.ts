import { upperBound } from '../../metrics/native/bucket-index.js';
import { addNative, withSchema } from '../../metrics/native/merge-native.js';
import type { NativeHistogram } from '../../metrics/native/native-histogram.js';
import type { Cells } from './cells.js';

/** The maximum number of rows that are distinguishable in a chart. */
const MAX_ROWS = 32;
const LOWEST_SCHEMA = -4;
/** The bound of a row with only zeros, in seconds. */
const LOWEST_BOUND = 1e-6;

/**
 * Counts observations by time and native bucket: one column per histogram; null if there is none.
 *
 * The resolution is halved until the rows from the lowest to the highest observation are at most 32. The first row
 * contains zeros and negative numbers.
 */
export function nativeCells(histograms: readonly (NativeHistogram | undefined)[]): Cells {
  const known = histograms.filter((histogram) => histogram !== undefined);
  if (known.length === 0) return { bounds: [], columns: histograms.map(() => null) };
  let all = known.reduce(addNative);
  while (rangeOf(all).length > MAX_ROWS && all.schema > LOWEST_SCHEMA) all = withSchema(all, all.schema - 1);
  const { schema, zeroThreshold } = all;
  const rows = rangeOf(all);
  const first = rows[0];
  const lowest = first === undefined ? Math.max(zeroThreshold, LOWEST_BOUND) : upperBound(schema, first - 1);
  const columns = histograms.map((histogram) => {
    if (histogram === undefined) return null;
    const { zeroCount, positive, negative } = withSchema(histogram, schema);
    const counts = [zeroCount + negative.counts.reduce((sum, count) => sum + count, 0), ...rows.map(() => 0)];
    positive.indexes.forEach((index, position) => {
      const row = first === undefined ? 0 : Math.max(0, index - first + 1);
      counts[row] = (counts[row] ?? 0) + (positive.counts[position] ?? 0);
    });
    return counts;
  });
  return { bounds: [lowest, ...rows.map((index) => upperBound(schema, index))], columns };
}

/** Returns the indexes from the lowest to the highest bucket. */
function rangeOf({ positive: { indexes } }: NativeHistogram): readonly number[] {
  const [first, last] = [indexes.at(0), indexes.at(-1)];
  return first === undefined || last === undefined
    ? []
    : Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
