import type { Aggregation, NativeHistogram } from 'tinyllm/server';
import type { TextType } from '../pushes/parse-text.js';
import { accumulates, type FamilyShape } from '../pushes/pushed-family.js';
import { combine, type GaugeAggregations, gaugeCombination } from './combine-gauges.js';
import { exactValue } from './exact-number.js';
import type { HubStore } from './hub-store.js';
import { isComplete } from './native-totals.js';
import type { StoredFamily, Total } from './stored-family.js';

/** One summed series. */
export interface SummedSeries {
  readonly labelText: string;
  /** Creation time in Unix seconds. */
  readonly createdSeconds: number;
  /** In the order of `PushedSeries.numbers`. */
  readonly numbers: readonly number[];
  /** The quantiles of a summary: the maximum over live pushers, because quantiles cannot be added. */
  readonly quantiles: ReadonlyMap<number, number>;
  /** For a gauge, the number of live pushers that have the series. */
  readonly pushers?: number;
  /** The native buckets of a histogram. Undefined if some of its observations were pushed without native buckets. */
  readonly native?: NativeHistogram | undefined;
}

/** A metric summed over pushers. */
export interface SummedFamily extends FamilyShape {
  readonly type: TextType;
  readonly help: string;
  readonly series: readonly SummedSeries[];
}

interface CombinedSeries {
  readonly labelText: string;
  readonly createdSeconds: number;
  value: number;
  pushers: number;
  readonly quantiles: Map<number, number>;
}

/**
 * Sums the data of a hub: returns totals, and gauges combined over live pushers. Later changes don't affect the result.
 *
 * @param aggregations How gauges of the hub's own process are combined. Equal gauges of pushers are combined likewise.
 * With
 *   `first` and `omit`, a series has the value of the first pusher.
 */
export function sumFamilies(store: HubStore, aggregations?: GaugeAggregations): SummedFamily[] {
  const combined = combineLive(store, aggregations);
  const families: SummedFamily[] = [];
  for (const family of store.families.values()) {
    const { name, type, help, bounds } = family;
    const live = combined.get(name);
    const how = gaugeCombination(name, aggregations);
    const series = accumulates(type) ? totals(family, live) : [...(live?.values() ?? [])].map((one) => gauge(one, how));
    if (series.length > 0) families.push({ name, type, help, bounds, series });
  }
  return families;
}

/** Combines gauges and quantiles over live groups. Returns them by metric and series key. */
function combineLive(
  { groups }: HubStore,
  aggregations: GaugeAggregations | undefined,
): Map<string, Map<string, CombinedSeries>> {
  const combined = new Map<string, Map<string, CombinedSeries>>();
  for (const group of groups.values()) {
    for (const [name, { type, series }] of group.isLive ? group.families : []) {
      if (accumulates(type) && type !== 'summary') continue;
      const how = gaugeCombination(name, aggregations);
      const known = combined.get(name) ?? new Map<string, CombinedSeries>();
      combined.set(name, known);
      for (const [key, { labelText, numbers, quantiles }] of series) {
        const [value = 0] = numbers;
        const before = known.get(key);
        if (before === undefined) {
          const createdSeconds = group.times.pushedWall / 1000;
          known.set(key, { labelText, createdSeconds, value, pushers: 1, quantiles: new Map(quantiles) });
          continue;
        }
        before.value = combine(how, before.value, value);
        before.pushers++;
        for (const [quantile, other] of quantiles) {
          before.quantiles.set(quantile, combine('max', before.quantiles.get(quantile) ?? Number.NaN, other));
        }
      }
    }
  }
  return combined;
}

const noQuantiles: ReadonlyMap<number, number> = new Map();

function totals({ totals: all }: StoredFamily, live: ReadonlyMap<string, CombinedSeries> | undefined): SummedSeries[] {
  const series: SummedSeries[] = [];
  for (const [key, total] of all) series.push(new SummedTotal(total, live?.get(key)?.quantiles ?? noQuantiles));
  return series;
}

/**
 * A total whose exact sums are converted to doubles only when they are read. A scrape reads each number once, so
 * storing the converted numbers would only take memory.
 */
class SummedTotal implements SummedSeries {
  constructor(
    private readonly total: Total,
    readonly quantiles: ReadonlyMap<number, number>,
  ) {}

  get labelText(): string {
    return this.total.labelText;
  }

  get createdSeconds(): number {
    return this.total.createdSeconds;
  }

  get numbers(): readonly number[] {
    return this.total.sums.map(exactValue);
  }

  get native(): NativeHistogram | undefined {
    const { native } = this.total;
    // Most histograms have no native buckets. Their numbers need no conversion here.
    return native !== undefined && isComplete({ numbers: this.numbers, native }) ? native : undefined;
  }
}

function gauge(
  { labelText, createdSeconds, value, pushers, quantiles }: CombinedSeries,
  how: Aggregation,
): SummedSeries {
  return { labelText, createdSeconds, numbers: [how === 'average' ? value / pushers : value], quantiles, pushers };
}
