import { catalog } from 'tinyllm/catalog';
import type { Aggregation, Descriptor } from 'tinyllm/server';

/** How the values of a gauge in several processes are combined, by the name of the gauge. */
export type GaugeAggregations = ReadonlyMap<string, Aggregation>;

const noAggregations: GaugeAggregations = new Map();

/** Gauges of the catalog whose maximum is meaningful, such as facts about a shared resource or a worst state. */
const MAX_GAUGES: ReadonlySet<string> = new Set(
  Object.values(catalog).flatMap(({ name, aggregation }) => (aggregation === 'max' ? [name] : [])),
);

/**
 * How gauges with this name are combined over live pushers and the hub's own process.
 *
 * If `aggregations` contains another aggregation than `sum`, it is used. By default, `_info`, `_timestamp_seconds` and
 * the catalog's gauges with the aggregation `max` use the maximum, `_created` and `_start_time_seconds` the minimum. All
 * others are added up.
 */
export function gaugeCombination(name: string, aggregations = noAggregations): Aggregation {
  const declared = aggregations.get(name);
  if (declared !== undefined && declared !== 'sum') return declared;
  if (/_info$|_timestamp_seconds$/.test(name) || MAX_GAUGES.has(name)) return 'max';
  return /_created$|_start_time_seconds$/.test(name) ? 'min' : 'sum';
}

/** The aggregations of the gauges among these metrics. */
export function gaugeAggregations(descriptors: readonly Descriptor[]): GaugeAggregations {
  return new Map(descriptors.flatMap(({ kind, name, aggregation }) => (kind === 'gauge' ? [[name, aggregation]] : [])));
}

/**
 * Combines two gauge values. `average` adds them, so divide the result by the number of values. `max` and `min` ignore
 * NaN. `first` and `omit` return the first value.
 */
export function combine(how: Aggregation, one: number, other: number): number {
  if (how === 'sum' || how === 'average') return one + other;
  if (how === 'first' || how === 'omit') return one;
  if (Number.isNaN(one)) return other;
  if (Number.isNaN(other)) return one;
  return how === 'max' ? Math.max(one, other) : Math.min(one, other);
}
