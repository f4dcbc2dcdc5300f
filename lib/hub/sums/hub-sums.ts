import type { TextType } from '../pushes/parse-text.js';
import { accumulates, type FamilyShape } from '../pushes/pushed-family.js';
import { combine, gaugeCombination } from './combine-gauges.js';
import { exactValue } from './exact-number.js';
import type { HubStore } from './hub-store.js';
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
  readonly quantiles: Map<number, number>;
}

/**
 * Sums the data of a hub: returns totals, and gauges combined over live pushers. Later changes don't affect the result.
 */
export function sumFamilies(store: HubStore): SummedFamily[] {
  const combined = combineLive(store);
  const families: SummedFamily[] = [];
  for (const family of store.families.values()) {
    const { name, type, help, bounds } = family;
    const live = combined.get(name);
    const series = accumulates(type) ? totals(family, live) : [...(live?.values() ?? [])].map(gauge);
    if (series.length > 0) families.push({ name, type, help, bounds, series });
  }
  return families;
}

/** Combines gauges and quantiles over live groups. Returns them by metric and series key. */
function combineLive({ groups }: HubStore): Map<string, Map<string, CombinedSeries>> {
  const combined = new Map<string, Map<string, CombinedSeries>>();
  for (const group of groups.values()) {
    for (const [name, { type, series }] of group.isLive ? group.families : []) {
      if (accumulates(type) && type !== 'summary') continue;
      const how = gaugeCombination(name);
      const known = combined.get(name) ?? new Map<string, CombinedSeries>();
      combined.set(name, known);
      for (const [key, { labelText, numbers, quantiles }] of series) {
        const [value = 0] = numbers;
        const before = known.get(key);
        if (before === undefined) {
          const createdSeconds = group.times.pushedWall / 1000;
          known.set(key, { labelText, createdSeconds, value, quantiles: new Map(quantiles) });
          continue;
        }
        before.value = combine(how, before.value, value);
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
}

function gauge({ labelText, createdSeconds, value, quantiles }: CombinedSeries): SummedSeries {
  return { labelText, createdSeconds, numbers: [value], quantiles };
}
