import type { Descriptor } from '../metrics/descriptor.js';
import type { SegmentReader } from '../metrics/segment-reader.js';
import { cellsPerSeries } from '../metrics/series.js';
import type { SharedRegistry } from '../metrics/shared-registry.js';
import type { ReportedFamily } from './cluster-protocol.js';
import { followRegistry } from './follow-registry.js';
import type { GatheredFamily } from './gathered-family.js';
import type { GatheredSeries } from './gathered-series.js';
import { Gatherer } from './gatherer.js';
import { SegmentChanges } from './segment-changes.js';
import type { SeriesPart } from './series-part.js';

type ReportedSeries = ReportedFamily['series'][number];
type SeriesIdentity = SeriesPart['record'];

/** Series that a family no longer has. */
interface RemovedSeries {
  /** The declaration that the family had. It can have other labels now. */
  readonly descriptor: Descriptor;
  readonly labelValues: readonly string[];
}

/** The changes of a family since the last call of `take`. */
interface FamilyChanges {
  isWhole: boolean;
  readonly rows: Set<number>;
  /**
   * For a gauge, the series that had changed when a thread ended, and all series of this thread. They are stored by
   * labels, because the end of the thread may have moved or removed their rows.
   */
  readonly ended: (RemovedSeries & SeriesIdentity)[];
  /** The removed series. There can be new series with the same values. */
  readonly removed: RemovedSeries[];
}

/**
 * Finds the series of a registry that have changed since the last call of `take`. Series of all threads are summed.
 *
 * The cost depends on the number of pages that were written recently, not on the number of series.
 */
export class ChangedSeries {
  readonly #gatherer: Gatherer;
  readonly #segments = new Map<SegmentReader, SegmentChanges>();
  readonly #changes = new Map<GatheredFamily, FamilyChanges>();
  /** The families that were visible at the last call of `take`. */
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
        seriesRemoved: (family, labelValues) => {
          this.#familyChanges(family).removed.push({ descriptor: family.descriptor, labelValues });
        },
        rowsMoved: (family) => {
          this.#familyChanges(family).isWhole = true;
        },
        retiring: (segment) => this.#retiring(segment),
      },
    });
    followRegistry(registry, this.#gatherer);
  }

  /**
   * The total number of compared pages. Each call of `take` compares the pages that were written since the previous
   * call. It also compares the pages that the previous call found written.
   */
  get comparedPages(): number {
    return [...this.#segments.values()].reduce((sum, { comparedPages }) => sum + comparedPages, this.#comparedBefore);
  }

  /** Returns the changed series, or all series. */
  take({ all }: { readonly all: boolean }): readonly ReportedFamily[] {
    const families = this.#gatherer.families();
    for (const [reader, segment] of this.#segments) {
      segment.findChanges((family, cell) => this.#mark(family, reader, cell));
    }
    // Removals come first, because there can be new series with the same labels.
    const reported = [...this.#changes].flatMap(([family, changes]) => [...takeRemoved(family, changes)]);
    for (const family of families) {
      const changes = this.#changes.get(family);
      const isWhole = all || changes?.isWhole === true || !this.#visible.has(family);
      if (changes === undefined && !isWhole) continue;
      const series = [...takeSeries(family, changes, isWhole)];
      if (series.length > 0) reported.push({ descriptor: family.descriptor, series });
    }
    this.#visible = new Set(families);
    this.#changes.clear();
    return reported;
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
      changes = { isWhole: false, rows: new Set(), ended: [], removed: [] };
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

  /** Finds the last changes of a segment, before its counts are added to the sum of the ended threads. */
  #retiring(segment: SegmentReader): void {
    const changes = this.#segments.get(segment);
    if (changes === undefined) return;
    changes.findChanges((family, cell) => this.#mark(family, segment, cell));
    this.#segments.delete(segment);
    this.#comparedBefore += changes.comparedPages;
    for (const family of changes.families) {
      if (family.accumulates) continue;
      const { rows, ended } = this.#familyChanges(family);
      for (const row of [...rows, ...family.rowsIn(segment)]) {
        const series = family.seriesAt(row);
        if (series === undefined) continue;
        const { labelValues, createdSeconds } = series;
        ended.push({ descriptor: family.descriptor, labelValues, createdSeconds });
      }
      rows.clear();
    }
  }
}

/** Reports the removed series. Series of other threads with the same labels are marked as changed. */
function* takeRemoved(family: GatheredFamily, { rows, ended, removed }: FamilyChanges): Generator<ReportedFamily> {
  for (const { descriptor, labelValues } of removed) {
    const row = descriptor === family.descriptor ? family.rowWith(labelValues) : undefined;
    if (row !== undefined) rows.add(row);
  }
  const relabelled = ended.filter(({ descriptor }) => descriptor !== family.descriptor);
  const byDescriptor = new Map<Descriptor, Map<string, readonly string[]>>();
  for (const { descriptor, labelValues } of [...removed, ...relabelled]) {
    const labelSets = byDescriptor.get(descriptor) ?? new Map<string, readonly string[]>();
    byDescriptor.set(descriptor, labelSets.set(JSON.stringify(labelValues), labelValues));
  }
  for (const [descriptor, labelSets] of byDescriptor) {
    yield { descriptor, series: [], removed: [...labelSets.values()] };
  }
}

function* takeSeries(
  family: GatheredFamily,
  changes: FamilyChanges | undefined,
  isWhole: boolean,
): Generator<ReportedSeries> {
  const { rows = new Set<number>(), ended = [] } = changes ?? {};
  const removed = new Map<string, SeriesIdentity>();
  for (const identity of ended) {
    if (identity.descriptor !== family.descriptor) continue;
    const row = family.rowWith(identity.labelValues);
    if (row === undefined) removed.set(JSON.stringify(identity.labelValues), identity);
    else rows.add(row);
  }
  const count = cellsPerSeries(family.descriptor);
  if (isWhole) {
    for (const series of family.series) yield reportedSeries(series, count);
  } else {
    for (const row of rows) {
      const series = family.seriesAt(row);
      if (series !== undefined) yield reportedSeries(series, count);
    }
  }
  // The gauges of an ended thread are removed: report them once more, with the value zero.
  for (const { labelValues, createdSeconds } of removed.values()) {
    yield { labelValues, createdSeconds, cells: Array.from({ length: count }, () => 0) };
  }
}

function reportedSeries(series: GatheredSeries, count: number): ReportedSeries {
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
