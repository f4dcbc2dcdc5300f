import type { SegmentReader } from '../metrics/segment-reader.js';
import { cellsPerSeries } from '../metrics/series.js';
import type { SharedRegistry } from '../metrics/shared-registry.js';
import type { ToldFamily } from './cluster-protocol.js';
import { followRegistry } from './follow-registry.js';
import type { GatheredFamily } from './gathered-family.js';
import type { GatheredSeries } from './gathered-series.js';
import { Gatherer } from './gatherer.js';
import { SegmentChanges } from './segment-changes.js';
import type { SeriesPart } from './series-part.js';

type ToldSeries = ToldFamily['series'][number];
type SeriesFacts = SeriesPart['told'];

/** What has changed of a family since it was last taken. */
interface FamilyChanges {
  isWhole: boolean;
  readonly rows: Set<number>;
  /** Series of gauges of threads that have ended. Their rows may have moved, or are gone. */
  readonly ended: SeriesFacts[];
}

/**
 * Which series of a registry, all threads of the process added up, have changed since they were last taken.
 *
 * The cost of a look depends on the pages that were written to since the last one, and not on the number of series.
 */
export class ChangedSeries {
  readonly #gatherer: Gatherer;
  readonly #segments = new Map<SegmentReader, SegmentChanges>();
  readonly #changes = new Map<GatheredFamily, FamilyChanges>();
  /** The families that were visible when they were last taken. */
  #visible = new Set<GatheredFamily>();
  #comparedBefore = 0;

  constructor(registry: SharedRegistry) {
    this.#gatherer = new Gatherer({
      observer: {
        seriesAdded: (family, segment, cell) => {
          this.#changesOf(segment).addSeries(family, cell);
          this.#mark(family, segment, cell);
        },
        resetAdded: (family, segment, cell) => {
          this.#changesOf(segment).addReset(family, cell);
          this.#mark(family, segment);
        },
        retiring: (segment) => this.#retiring(segment),
      },
    });
    followRegistry(registry, this.#gatherer);
  }

  /** How many pages of cells all looks so far have compared; a look after which nothing was written compares none. */
  get comparedPages(): number {
    return [...this.#segments.values()].reduce((sum, { comparedPages }) => sum + comparedPages, this.#comparedBefore);
  }

  /** Takes what has changed, or everything there is. */
  take({ all }: { readonly all: boolean }): readonly ToldFamily[] {
    const families = this.#gatherer.families();
    for (const [reader, segment] of this.#segments) {
      segment.look((family, cell) => this.#mark(family, reader, cell));
    }
    const told: ToldFamily[] = [];
    for (const family of families) {
      const changes = this.#changes.get(family);
      const isWhole = all || changes?.isWhole === true || !this.#visible.has(family);
      if (changes === undefined && !isWhole) continue;
      const series = [...takeSeries(family, changes, isWhole)];
      if (series.length > 0) told.push({ descriptor: family.descriptor, series });
    }
    this.#visible = new Set(families);
    this.#changes.clear();
    return told;
  }

  #changesOf(segment: SegmentReader): SegmentChanges {
    let changes = this.#segments.get(segment);
    if (changes === undefined) {
      changes = new SegmentChanges(segment);
      this.#segments.set(segment, changes);
    }
    return changes;
  }

  #familyChanges(family: GatheredFamily): FamilyChanges {
    let changes = this.#changes.get(family);
    if (changes === undefined) {
      changes = { isWhole: false, rows: new Set(), ended: [] };
      this.#changes.set(family, changes);
    }
    return changes;
  }

  #mark(family: GatheredFamily, segment: SegmentReader, cell?: number): void {
    const changes = this.#familyChanges(family);
    const row = cell === undefined ? undefined : family.rowAt(segment, cell);
    if (row === undefined) changes.isWhole = true;
    else changes.rows.add(row);
  }

  /** The last look at a segment, before its counts are added to those of other ended threads. */
  #retiring(segment: SegmentReader): void {
    const changes = this.#segments.get(segment);
    if (changes === undefined) return;
    changes.look((family, cell) => this.#mark(family, segment, cell));
    this.#segments.delete(segment);
    this.#comparedBefore += changes.comparedPages;
    for (const family of changes.families) {
      if (family.accumulates) continue;
      const { rows, ended } = this.#familyChanges(family);
      for (const row of [...rows, ...family.rowsIn(segment)]) {
        const series = family.seriesAt(row);
        if (series !== undefined)
          ended.push({ labelValues: series.labelValues, createdSeconds: series.createdSeconds });
      }
      rows.clear();
    }
  }
}

function* takeSeries(
  family: GatheredFamily,
  changes: FamilyChanges | undefined,
  isWhole: boolean,
): Generator<ToldSeries> {
  const { rows = new Set<number>(), ended = [] } = changes ?? {};
  const gone = new Map<string, SeriesFacts>();
  for (const facts of ended) {
    const row = family.rowWith(facts.labelValues);
    if (row === undefined) gone.set(JSON.stringify(facts.labelValues), facts);
    else rows.add(row);
  }
  const count = cellsPerSeries(family.descriptor);
  if (isWhole) {
    for (const series of family.series) yield told(series, count);
  } else {
    for (const row of rows) {
      const series = family.seriesAt(row);
      if (series !== undefined) yield told(series, count);
    }
  }
  // A gauge of a thread that has ended is no longer there: it is told once more, as zero.
  for (const { labelValues, createdSeconds } of gone.values()) {
    yield { labelValues, createdSeconds, cells: Array.from({ length: count }, () => 0) };
  }
}

function told(series: GatheredSeries, count: number): ToldSeries {
  const { labelValues, createdSeconds } = series;
  return {
    labelValues,
    createdSeconds,
    cells: Array.from({ length: count }, (_, index) => toSendable(series.cell(index))),
  };
}

function toSendable(cell: number): number | string {
  return Number.isFinite(cell) ? cell : String(cell);
}
