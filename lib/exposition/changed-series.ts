import { cellsPerSeries } from '../metrics/series.js';
import type { SharedRegistry } from '../metrics/shared-registry.js';
import type { ToldFamily } from './cluster-protocol.js';
import { followRegistry } from './follow-registry.js';
import type { GatheredFamily } from './gathered-family.js';
import type { GatheredSeries } from './gathered-series.js';
import { Gatherer } from './gatherer.js';

type ToldSeries = ToldFamily['series'][number];

/** Which series of a registry, all threads of the process added up, have changed since they were last taken. */
export class ChangedSeries {
  readonly #gatherer = new Gatherer();
  readonly #taken = new Map<GatheredFamily, Map<GatheredSeries, readonly number[]>>();

  constructor(registry: SharedRegistry) {
    followRegistry(registry, this.#gatherer);
  }

  /** Takes what has changed, or everything there is. */
  take({ all }: { readonly all: boolean }): readonly ToldFamily[] {
    const told: ToldFamily[] = [];
    for (const family of this.#gatherer.families()) {
      const series = this.#takeSeries(family, all);
      if (series.length > 0) told.push({ descriptor: family.descriptor, series });
    }
    return told;
  }

  #takeSeries(family: GatheredFamily, all: boolean): readonly ToldSeries[] {
    const taken = this.#taken.get(family) ?? new Map<GatheredSeries, readonly number[]>();
    this.#taken.set(family, taken);
    const count = cellsPerSeries(family.descriptor);
    const told: ToldSeries[] = [];
    const present = new Set(family.series);
    // A gauge of a thread that has ended is no longer there, and zero, unless another has taken its place: told last.
    const gone = [...taken.keys()].filter((series) => !present.has(series));
    for (const series of [...gone, ...present]) {
      const cells = Array.from({ length: count }, (_, index) => series.cell(index));
      const before = taken.get(series);
      if (!all && before !== undefined && cells.every((cell, index) => Object.is(cell, before[index]))) continue;
      taken.set(series, cells);
      const { labelValues, createdSeconds } = series;
      const sendable = cells.map((cell) => (Number.isFinite(cell) ? cell : String(cell)));
      told.push({ labelValues, createdSeconds, cells: sendable });
    }
    for (const series of gone) taken.delete(series);
    return told;
  }
}
