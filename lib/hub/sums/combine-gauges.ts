import { catalog } from 'tinyllm/catalog';

/** How gauges of several pushers become one. */
export type GaugeCombination = 'sum' | 'max' | 'min';

/** Facts about something the pushers share, or a worst state: adding them up would say nothing. */
const LARGEST: ReadonlySet<string> = new Set(
  Object.values(catalog).flatMap(({ name, aggregation }) => (aggregation === 'max' ? [name] : [])),
);

/**
 * How the gauges of a name are combined over live pushers: added up, but constant facts (`_info`) and moments
 * (`_timestamp_seconds`) are the largest, and beginnings (`_created`, `_start_time_seconds`) the smallest.
 */
export function gaugeCombination(name: string): GaugeCombination {
  if (/_info$|_timestamp_seconds$/.test(name) || LARGEST.has(name)) return 'max';
  return /_created$|_start_time_seconds$/.test(name) ? 'min' : 'sum';
}

/** Combines two gauges' values; a NaN gives way to a number when the larger or smaller one is asked for. */
export function combine(how: GaugeCombination, one: number, other: number): number {
  if (how === 'sum') return one + other;
  if (Number.isNaN(one)) return other;
  if (Number.isNaN(other)) return one;
  return how === 'max' ? Math.max(one, other) : Math.min(one, other);
}
