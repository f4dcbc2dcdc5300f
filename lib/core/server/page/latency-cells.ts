import { formatValue } from './format-value.js';
import type { Moment } from './history.js';

/** The cells of a heat map: how many requests ended, by time and latency. */
export interface Cells {
  /** Upper bounds of the rows in seconds, ascending. The last one is infinite. */
  readonly bounds: readonly number[];
  /** For each moment, the number of requests per row since the previous scrape; null if it is unknown. */
  readonly columns: readonly (readonly number[] | null)[];
}

/** Counts the requests of each moment by their latency: one column per moment, and one row per latency range. */
export function latencyCells(moments: readonly Moment[]): Cells {
  const grown = moments.map(({ reading }) => reading?.increase?.latency);
  const bounds = [...new Set(grown.flatMap((buckets) => [...(buckets?.keys() ?? [])]))].sort((a, b) => a - b);
  const columns = grown.map((buckets) => {
    if (buckets === undefined) return null;
    let below = 0;
    return bounds.map((bound) => {
      const atOrBelow = buckets.get(bound) ?? below;
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
