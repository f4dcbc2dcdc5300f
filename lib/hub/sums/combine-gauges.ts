import { catalog } from 'tinyllm/catalog';

/** How gauges of several pushers are combined. */
export type GaugeCombination = 'sum' | 'max' | 'min';

/** Gauges of the catalog whose maximum is meaningful, such as facts about a shared resource or a worst state. */
const MAX_GAUGES: ReadonlySet<string> = new Set(
  Object.values(catalog).flatMap(({ name, aggregation }) => (aggregation === 'max' ? [name] : [])),
);

/**
 * How gauges with this name are combined over live pushers. `_info`, `_timestamp_seconds` and the catalog's
 * gauges with the aggregation `max` use the maximum, `_created` and `_start_time_seconds` the minimum. All others are
 * added up.
 */
export function gaugeCombination(name: string): GaugeCombination {
  if (/_info$|_timestamp_seconds$/.test(name) || MAX_GAUGES.has(name)) return 'max';
  return /_created$|_start_time_seconds$/.test(name) ? 'min' : 'sum';
}

/** Combines two gauge values. `max` and `min` ignore NaN. */
export function combine(how: GaugeCombination, one: number, other: number): number {
  if (how === 'sum') return one + other;
  if (Number.isNaN(one)) return other;
  if (Number.isNaN(other)) return one;
  return how === 'max' ? Math.max(one, other) : Math.min(one, other);
}
