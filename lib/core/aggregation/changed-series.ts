import type { SegmentReader } from '../metrics/segment-reader.js';
import { valuesPerSeries } from '../metrics/series.js';
import type { SharedRegistry } from '../metrics/shared-registry.js';
import type { ReportedFamily } from './cluster-protocol.js';
import { followRegistry } from './follow-registry.js';
import type { GatheredFamily } from './gathered-family.js';
import type { GatheredSeries } from './gathered-series.js';
import { Gatherer } from './gatherer.js';
import { SegmentChanges } from './segment-changes.js';

type ReportedSeries = ReportedFamily['series'][number];

/** The changes of a family since the last call of `take`. */
interface FamilyChanges {
  isWhole: boolean;
  readonly rows: Set<number>;
  /**
   * Only for gauges and info metrics: when a thread ends, the label values of its series, and of all series in `rows`.
   * The end of the thread may have moved or removed these rows.
   */
  readonly ended: (readonly string[])[];
  /** The label values of removed series. There can be new series with the same values. */
  readonly removed: (readonly string[])[];
}

/**
 * Finds the series of a registry that have changed since the last call of `take`. Series with equal labels
 * from all threads are combined.
 *
 * The cost depends on the number of pages that were written recently, not on the number of series.
 */
export class ChangedSeries {
  readonly #gatherer: Gatherer;
  readonly #segments = new Map<SegmentReader, SegmentChanges>();
  readonly #changes = new Map<GatheredFamily, FamilyChanges>();
  /** The families that were visible at the last call of `take`. Only their series were reported before. */
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
          this.#familyChanges(family).removed.push(labelValues);
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

  /** Returns the changed series, or all series. Also returns the label values of reported series that were removed. */
  take({ all }: { readonly all: boolean }): readonly ReportedFamily[] {
    const families = this.#gatherer.families();
    for (const [reader, segment] of this.#segments) {
      segment.findChanges((family, cell) => this.#markChanged(family, reader, cell));
    }
    const visible = new Set(families);
    const hidden = [...this.#visible].filter((family) => !visible.has(family));
    const unread: (readonly [family: GatheredFamily, row: number])[] = [];
    const reported = [
      ...hidden.map((family) => this.#takeHidden(family)),
      ...families.map((family) => this.#takeChanges(family, all, (row) => unread.push([family, row]))),
    ];
    this.#visible = visible;
    this.#changes.clear();
    for (const [family, row] of unread) this.#familyChanges(family).rows.add(row);
    return reported.filter(({ series, removed = [] }) => series.length > 0 || removed.length > 0);
  }

  /** Reports all series of a family that is no longer visible as removed. */
  #takeHidden(family: GatheredFamily): ReportedFamily {
    const { removed = [], ended = [] } = this.#changes.get(family) ?? {};
    const current = [...family.rows].map((row) => family.labelValuesAt(row)).filter((one) => one !== undefined);
    return { descriptor: family.descriptor, series: [], removed: distinct([...removed, ...ended, ...current]) };
  }

  /** Calls `onUnread` with the row of each native histogram that can't be read, because its thread is changing it. */
  #takeChanges(family: GatheredFamily, all: boolean, onUnread: (row: number) => void): ReportedFamily {
    const { descriptor } = family;
    const isKnown = this.#visible.has(family);
    const changes = this.#changes.get(family);
    const isWhole = all || changes?.isWhole === true || !isKnown;
    if (changes === undefined && !isWhole) return { descriptor, series: [] };
    const rows = new Set(isWhole ? family.rows : changes?.rows);
    const removed = [...(changes?.removed ?? [])];
    for (const labelValues of changes?.removed ?? []) addRow(rows, family.rowWith(labelValues));
    for (const labelValues of changes?.ended ?? []) {
      if (!addRow(rows, family.rowWith(labelValues))) removed.push(labelValues);
    }
    const count = valuesPerSeries(descriptor);
    const series: ReportedSeries[] = [];
    for (const row of rows) {
      const one = family.seriesAt(row);
      if (one !== undefined) {
        const report = reportedSeries(one, count);
        if (descriptor.native !== undefined && report.native === undefined) onUnread(row);
        series.push(report);
      } else {
        const omitted = family.labelValuesAt(row);
        if (omitted !== undefined) removed.push(omitted);
      }
    }
    return { descriptor, series, ...(isKnown && removed.length > 0 && { removed: distinct(removed) }) };
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

  /** Marks a series with a changed cell. The cell of a removed series can belong to a native histogram now. */
  #markChanged(family: GatheredFamily, segment: SegmentReader, cell?: number): void {
    const isRemoved = cell !== undefined && family.rowAt(segment, cell) === undefined;
    if (!isRemoved) this.#mark(family, segment, cell);
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
    changes.findChanges((family, cell) => this.#markChanged(family, segment, cell));
    this.#segments.delete(segment);
    this.#comparedBefore += changes.comparedPages;
    for (const family of changes.families) {
      if (family.accumulates) continue;
      const { rows, ended } = this.#familyChanges(family);
      for (const row of [...rows, ...family.rowsIn(segment)]) {
        const labelValues = family.labelValuesAt(row);
        if (labelValues !== undefined) ended.push(labelValues);
      }
      rows.clear();
    }
  }
}

/** Adds a row, if there is one. Returns whether there is one. */
function addRow(rows: Set<number>, row: number | undefined): boolean {
  if (row !== undefined) rows.add(row);
  return row !== undefined;
}

function distinct(labelSets: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(labelSets.map((labelValues) => [JSON.stringify(labelValues), labelValues])).values()];
}

function reportedSeries(series: GatheredSeries, count: number): ReportedSeries {
  const { labelValues, createdSeconds } = series;
  const cells = Array.from({ length: count }, (_, index) => toSendable(series.cell(index)));
  const native = series.native();
  return { labelValues, createdSeconds, cells, ...(native && { native }) };
}

function toSendable(cell: number): number | string {
  return Number.isFinite(cell) ? cell : String(cell);
}
