import { cellsPerSeries } from '../metrics/series.js';
import type { SharedRegistry } from '../metrics/shared-registry.js';
import type { ToldFamily } from './cluster-protocol.js';
import { followRegistry } from './follow-registry.js';
import type { GatheredFamily } from './gathered-family.js';
import { Gatherer } from './gatherer.js';

type ToldSeries = ToldFamily['series'][number];

/** A series as it was when it was last taken. */
interface TakenSeries extends ToldSeries {
  readonly cells: readonly number[];
}

/** Which series of a registry, all threads of the process added up, have changed since they were last taken. */
export class ChangedSeries {
  readonly #gatherer = new Gatherer();
  /** By their label values as JSON. */
  readonly #taken = new Map<GatheredFamily, ReadonlyMap<string, TakenSeries>>();

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
    const before = this.#taken.get(family) ?? new Map<string, TakenSeries>();
    const now = new Map<string, TakenSeries>();
    const count = cellsPerSeries(family.descriptor);
    for (const series of family.series) {
      const { labelValues, createdSeconds } = series;
      const cells = Array.from({ length: count }, (_, index) => series.cell(index));
      now.set(JSON.stringify(labelValues), { labelValues, createdSeconds, cells });
    }
    this.#taken.set(family, now);
    const changed = [...now].filter(([key, one]) => all || !isSame(one, before.get(key)));
    // A gauge of a thread that has ended is no longer there: it is told once more, as zero.
    const gone = [...before].filter(([key]) => !now.has(key));
    return [
      ...changed.map(([, { cells, ...one }]) => ({ ...one, cells: cells.map(toSendable) })),
      ...gone.map(([, { cells, ...one }]) => ({ ...one, cells: cells.map(() => 0) })),
    ];
  }
}

function isSame({ cells, createdSeconds }: TakenSeries, before: TakenSeries | undefined): boolean {
  if (before === undefined || createdSeconds !== before.createdSeconds) return false;
  return cells.every((cell, index) => Object.is(cell, before.cells[index]));
}

function toSendable(cell: number): number | string {
  return Number.isFinite(cell) ? cell : String(cell);
}
