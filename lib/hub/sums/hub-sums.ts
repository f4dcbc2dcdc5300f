import type { TextType } from '../pushes/parse-text.js';
import { accumulates, type FamilyShape } from '../pushes/pushed-family.js';
import { combine, gaugeCombination } from './combine-gauges.js';
import { exactValue } from './exact-number.js';
import type { HeldFamily, Total } from './held-family.js';
import type { HubStore } from './hub-store.js';

/** One series of the sums. */
export interface SummedSeries {
  readonly labelText: string;
  /** Unix seconds. */
  readonly createdSeconds: number;
  /** As a pushed series' numbers. */
  readonly numbers: readonly number[];
  /** A summary's quantiles: the largest of any live pusher, since quantiles cannot be added. */
  readonly quantiles: ReadonlyMap<number, number>;
}

/** A metric summed over pushers. */
export interface SummedFamily extends FamilyShape {
  readonly type: TextType;
  readonly help: string;
  readonly series: readonly SummedSeries[];
}

interface Mixed {
  readonly labelText: string;
  readonly createdSeconds: number;
  value: number;
  readonly quantiles: Map<number, number>;
}

/** Sums the data of a hub: totals as they are, gauges over live pushers. The result doesn't change with the hub. */
export function sumFamilies(store: HubStore): SummedFamily[] {
  const mixed = mixLive(store);
  const families: SummedFamily[] = [];
  for (const family of store.families.values()) {
    const { name, type, help, bounds } = family;
    const live = mixed.get(name);
    const series = accumulates(type) ? totals(family, live) : [...(live?.values() ?? [])].map(gauge);
    if (series.length > 0) families.push({ name, type, help, bounds, series });
  }
  return families;
}

/** Gauges and quantiles, combined over groups: by metric, then by series. */
function mixLive({ groups }: HubStore): Map<string, Map<string, Mixed>> {
  const mixed = new Map<string, Map<string, Mixed>>();
  for (const group of groups.values()) {
    for (const [name, { type, series }] of group.isLive ? group.families : []) {
      if (accumulates(type) && type !== 'summary') continue;
      const how = gaugeCombination(name);
      const known = mixed.get(name) ?? new Map<string, Mixed>();
      mixed.set(name, known);
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
  return mixed;
}

const noQuantiles: ReadonlyMap<number, number> = new Map();

function totals({ totals: all }: HeldFamily, live: ReadonlyMap<string, Mixed> | undefined): SummedSeries[] {
  const series: SummedSeries[] = [];
  for (const [key, total] of all) series.push(new SummedTotal(total, live?.get(key)?.quantiles ?? noQuantiles));
  return series;
}

/** A total with its numbers rounded when they are read: a scrape reads each of them once. */
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

function gauge({ labelText, createdSeconds, value, quantiles }: Mixed): SummedSeries {
  return { labelText, createdSeconds, numbers: [value], quantiles };
}
