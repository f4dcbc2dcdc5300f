import type { TextType } from '../pushes/parse-text.js';
import { accumulates, type FamilyShape } from '../pushes/pushed-family.js';
import { combine, gaugeCombination } from './combine-gauges.js';
import type { HeldFamily } from './held-family.js';
import type { HubState } from './hub-state.js';

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

/** Sums what a hub holds: running totals as they are, gauges over the pushers that are live. */
export function sumFamilies(state: HubState): SummedFamily[] {
  const mixed = mixLive(state);
  const families: SummedFamily[] = [];
  for (const family of state.families.values()) {
    const { name, type, help, bounds } = family;
    const live = mixed.get(name);
    const series = accumulates(type) ? totals(family, live) : [...(live?.values() ?? [])].map(gauge);
    if (series.length > 0) families.push({ name, type, help, bounds, series });
  }
  return families;
}

/** Gauges and quantiles, combined over groups: by metric, then by series. */
function mixLive(state: HubState): Map<string, Map<string, Mixed>> {
  const mixed = new Map<string, Map<string, Mixed>>();
  for (const group of state.groups.values()) {
    for (const [name, allSeries] of group.expired ? [] : group.families) {
      const { type } = state.families.get(name) ?? {};
      if (type === undefined || (accumulates(type) && type !== 'summary')) continue;
      const how = gaugeCombination(name);
      const known = mixed.get(name) ?? new Map<string, Mixed>();
      mixed.set(name, known);
      for (const [key, { labelText, numbers, quantiles }] of allSeries) {
        const [value = 0] = numbers;
        const before = known.get(key);
        if (before === undefined) {
          known.set(key, { labelText, createdSeconds: group.pushedAt / 1000, value, quantiles: new Map(quantiles) });
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

function totals({ totals: held }: HeldFamily, live: ReadonlyMap<string, Mixed> | undefined): SummedSeries[] {
  return [...held].map(([key, { labelText, createdSeconds, sums }]) => {
    const quantiles = live?.get(key)?.quantiles ?? new Map<number, number>();
    return { labelText, createdSeconds, numbers: sums.map(({ value }) => value), quantiles };
  });
}

function gauge({ labelText, createdSeconds, value, quantiles }: Mixed): SummedSeries {
  return { labelText, createdSeconds, numbers: [value], quantiles };
}
