import type { Moment } from './history.js';
import { readable } from './readable.js';

/** How many requests ended when, and how long they had taken: what a heat map shows. */
export interface Cells {
  /** Upper bounds of the rows in seconds, from below; the last one is infinite. */
  readonly bounds: readonly number[];
  /** Of each moment, how many of each row ended since the scrape before; null where that is not known. */
  readonly columns: readonly (readonly number[] | null)[];
}

/** Puts the latencies of each moment into cells. */
export function latencyCells(moments: readonly Moment[]): Cells {
  const grown = moments.map(({ reading }) => reading?.growth?.latency);
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

/** Where a row begins and ends, in seconds; one that has no end is shown as long as twice its beginning. */
export function edgesOf(bounds: readonly number[], row: number): readonly [from: number, to: number] {
  const to = bounds[row] ?? Number.POSITIVE_INFINITY;
  // What begins at 0 has no place on a logarithmic axis.
  const from = bounds[row - 1] ?? (Number.isFinite(to) ? to / 4 : 1);
  return [from, Number.isFinite(to) ? to : from * 2];
}

/** The rows in which anything ever ended, from the lowest to the highest. */
export function usedRows({ bounds, columns }: Cells): readonly number[] {
  const used = [...bounds.keys()].filter((row) => columns.some((column) => (column?.[row] ?? 0) > 0));
  const [first, last] = [used.at(0), used.at(-1)];
  return first === undefined || last === undefined ? [] : [...bounds.keys()].slice(first, last + 1);
}

/** A row in words: `250 ms to 500 ms`. */
export function rowName(bounds: readonly number[], row: number): string {
  const [from, to] = [bounds[row - 1], bounds[row]];
  if (to === undefined || !Number.isFinite(to)) return `over ${readable(from ?? 0, 'seconds')}`;
  return from === undefined
    ? `up to ${readable(to, 'seconds')}`
    : `${readable(from, 'seconds')} to ${readable(to, 'seconds')}`;
}

/** A column in words: how many there are, and in which row most of them. */
export function columnInWords({ bounds, columns }: Cells, place: number): string {
  const column = columns[place];
  if (column === null || column === undefined) return '–';
  const most = Math.max(0, ...column);
  const all = column.reduce((sum, count) => sum + count, 0);
  return most === 0 ? 'none' : `${readable(all, 'count')}, most ${rowName(bounds, column.indexOf(most))}`;
}
