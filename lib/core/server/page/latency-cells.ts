import type { Cells } from './cells.js';
import { formatValue } from './format-value.js';
import { completeNative, countOf } from './histogram.js';
import type { Moment } from './history.js';
import { nativeCells } from './native-cells.js';

/**
 * Counts the requests of each moment by their latency: one column per moment, and one row per latency range.
 *
 * The rows are native buckets if all moments with requests have them, otherwise classic buckets.
 */
export function latencyCells(moments: readonly Moment[]): Cells {
  const latencies = moments.map(({ reading }) => reading?.increase?.latency);
  const natives = latencies.map((latency) => latency && completeNative(latency));
  const isNative = latencies.every((latency, at) => !latency || natives[at] || countOf(latency.buckets) === 0);
  if (isNative && natives.some((native) => native)) {
    const { bounds, columns } = nativeCells(natives);
    return { bounds, columns: columns.map((column, at) => column ?? (latencies[at] ? bounds.map(() => 0) : null)) };
  }
  const bounds = [...new Set(latencies.flatMap((latency) => [...(latency?.buckets.keys() ?? [])]))];
  bounds.sort((a, b) => a - b);
  const columns = latencies.map((latency) => {
    if (latency === undefined) return null;
    let below = 0;
    return bounds.map((bound) => {
      const atOrBelow = latency.buckets.get(bound) ?? below;
      const within = Math.max(0, atOrBelow - below);
      below = atOrBelow;
      return within;
    });
  });
  return { bounds, columns };
}

/** The bounds of a row, in seconds. The last row has no upper bound; it is drawn up to twice its lower bound. */
export function edgesOf(bounds: readonly number[], row: number): readonly [from: number, to: number] {
  const to = bounds[row] ?? Number.POSITIVE_INFINITY;
  // A logarithmic axis cannot show 0.
  const from = bounds[row - 1] ?? (Number.isFinite(to) ? to / 4 : 1);
  return [from, Number.isFinite(to) ? to : from * 2];
}

/** The rows from the lowest to the highest one in which a request ended. */
export function usedRows({ bounds, columns }: Cells): readonly number[] {
  const used = [...bounds.keys()].filter((row) => columns.some((column) => (column?.[row] ?? 0) > 0));
  const [first, last] = [used.at(0), used.at(-1)];
  return first === undefined || last === undefined ? [] : [...bounds.keys()].slice(first, last + 1);
}

/** The name of a row, such as `250 ms to 500 ms`. */
export function rowName(bounds: readonly number[], row: number): string {
  const [from, to] = [bounds[row - 1], bounds[row]];
  if (to === undefined || !Number.isFinite(to)) return `over ${formatValue(from ?? 0, 'seconds')}`;
  return from === undefined
    ? `up to ${formatValue(to, 'seconds')}`
    : `${formatValue(from, 'seconds')} to ${formatValue(to, 'seconds')}`;
}

/** Describes a column: the number of requests that finished, and the latency range with most of them. */
export function columnInWords({ bounds, columns }: Cells, index: number): string {
  const column = columns[index];
  if (column === null || column === undefined) return 'finished requests: –';
  const highest = Math.max(0, ...column);
  if (highest === 0) return 'no requests finished';
  const all = column.reduce((sum, count) => sum + count, 0);
  const range = rowName(bounds, column.indexOf(highest));
  return all === 1
    ? `1 request finished in ${range}`
    : `${formatValue(all, 'count')} requests finished, most often in ${range}`;
}
