import type { Descriptor } from '../metrics/descriptor.js';
import { LabelTree } from '../metrics/label-tree.js';
import type { SegmentReader } from '../metrics/segment-reader.js';
import type { ExemplarsRecord, LabelledExemplarRecord } from '../metrics/segment-record.js';
import { exemplarsPerSeries } from '../metrics/series.js';
import type { LoggedSeries } from '../metrics/series-record.js';
import { EndedRows } from './ended-rows.js';
import { GatheredExemplars } from './gathered-exemplars.js';
import { RowIterations } from './row-iterations.js';
import { SegmentRows } from './segment-rows.js';
import type { SeriesPart } from './series-part.js';

/**
 * Empty rows are removed if there are at least this many and if they are at least half of all rows. They are also
 * removed if all rows are empty.
 */
const MIN_EMPTY_ROWS = 64;

/**
 * Combines the parts of a series: the first one, those in further segments, and the exemplars. Returns undefined if the
 * series is omitted.
 */
export type RowReader<Series> = (
  first: SeriesPart,
  more: readonly SeriesPart[],
  exemplars: GatheredExemplars | undefined,
) => Series | undefined;

const NO_PARTS: readonly SeriesPart[] = [];

/**
 * The series of a metric in one or more segments. Each label set has a row.
 *
 * A row contains the position of a series in each segment. The series of one segment all have different labels. So a
 * new series is looked up by labels only if there are other segments, or counts of removed segments.
 */
export class FamilyRows {
  readonly #segments = new Map<SegmentReader, SegmentRows>();
  #ended: EndedRows | undefined;
  /** The rows of the only segment, if there are no other segments and no counts of removed segments. */
  #onlyRows: SegmentRows | undefined;
  #exemplars = new Map<number, GatheredExemplars>();
  #count = 0;
  /** The number of rows from which a series was removed and that have no other series. */
  #emptyCount = 0;
  #byLabels: LabelTree<number> | undefined;
  /** The first segment that had a series. */
  #first: SegmentReader | undefined;
  readonly #iterations = new RowIterations();

  /** Whether there are no series. */
  get isEmpty(): boolean {
    return this.#count === this.#emptyCount;
  }

  /** Adds a series of a segment. */
  add(series: LoggedSeries, segment: SegmentReader): void {
    if (this.isEmpty) this.compact();
    this.#first ??= segment;
    const row = this.#isOnlySegment(segment) ? this.#count++ : this.#rowOf(series.labelValues);
    const rows = this.#segments.get(segment) ?? new SegmentRows(segment);
    this.#segments.set(segment, rows);
    this.#updateOnlyRows();
    rows.set(row, series.position);
  }

  /** Removes the series with this first cell from a segment. Returns its label values, if there was such a series. */
  remove(segment: SegmentReader, cell: number): readonly string[] | undefined {
    const removed = this.#segments.get(segment)?.remove(cell);
    if (removed === undefined) return undefined;
    const { row, part } = removed;
    const { labelValues } = part.record;
    this.#exemplars.get(row)?.remove(segment);
    if (this.partsOf(row).length > 0) return labelValues;
    this.#iterations.remove(row, part);
    this.#emptyCount++;
    this.#exemplars.delete(row);
    this.#byLabels?.delete(labelValues);
    return labelValues;
  }

  /** Adds memory for exemplars. `segment` contains this memory, and `seriesSegment` contains the series. */
  addExemplars(
    record: ExemplarsRecord | LabelledExemplarRecord,
    segment: SegmentReader,
    { seriesSegment, descriptor }: { readonly seriesSegment: SegmentReader; readonly descriptor: Descriptor },
  ): void {
    const row = this.rowAt(seriesSegment, record.series);
    if (row === undefined) return;
    const exemplars = this.#exemplars.get(row) ?? new GatheredExemplars(exemplarsPerSeries(descriptor));
    this.#exemplars.set(row, exemplars);
    exemplars.add(record, segment, seriesSegment);
  }

  /** Removes a segment and its series. */
  drop(segment: SegmentReader): void {
    if (!this.#segments.delete(segment)) return;
    this.#updateOnlyRows();
    this.#exemplars.clear();
    this.#dropEmpty();
  }

  /** Removes a segment. Its counts are added to those of other removed segments. */
  retire(segment: SegmentReader, descriptor: Descriptor): void {
    const rows = this.#segments.get(segment);
    if (rows === undefined) return;
    this.#segments.delete(segment);
    for (const exemplars of this.#exemplars.values()) exemplars.retire(segment);
    this.#ended ??= new EndedRows(descriptor);
    this.#onlyRows = undefined;
    for (let row = 0; row < this.#count; row++) {
      const part = rows.part(row);
      if (part !== undefined) this.#ended.add(row, part);
    }
  }

  /** Removes empty rows if there are many. Returns whether other rows have moved. */
  compact(): boolean {
    const isNeeded = this.isEmpty || (this.#emptyCount >= MIN_EMPTY_ROWS && this.#emptyCount * 2 >= this.#count);
    if (this.#emptyCount === 0 || !isNeeded) return false;
    this.#dropEmpty();
    return true;
  }

  /** The row of a series, by its first cell in a segment. */
  rowAt(segment: SegmentReader, cell: number): number | undefined {
    return this.#segments.get(segment)?.rowOf(cell);
  }

  /** The row of a series, by its label values. */
  rowWith(labelValues: readonly string[]): number | undefined {
    return this.#labelTree().find(labelValues);
  }

  /** The rows in which a segment has a series. */
  rowsIn(segment: SegmentReader): readonly number[] {
    const rows = this.#segments.get(segment);
    return Array.from({ length: this.#count }, (_, row) => row).filter((row) => rows?.has(row));
  }

  /** The series in a row: the sum of the removed segments, and one per segment. */
  partsOf(row: number): readonly SeriesPart[] {
    const parts: SeriesPart[] = [];
    const ended = this.#ended?.part(row);
    if (ended !== undefined) parts.push(ended);
    for (const rows of this.#segments.values()) {
      const part = rows.part(row);
      if (part !== undefined) parts.push(part);
    }
    return parts;
  }

  /** Reads the series in a row, if the row is not empty. */
  read<Series>(row: number, read: RowReader<Series>): Series | undefined {
    const exemplars = this.#exemplars.size > 0 ? this.#exemplars.get(row) : undefined;
    if (this.#onlyRows !== undefined) {
      const part = this.#onlyRows.part(row);
      return part && read(part, NO_PARTS, exemplars);
    }
    const [first, ...more] = this.partsOf(row);
    return first && read(first, more, exemplars);
  }

  /** The series in the first row of the first segment that had a series. */
  get leadingPart(): SeriesPart | undefined {
    return this.#first && this.#segments.get(this.#first)?.part(0);
  }

  /**
   * The series that exist at the start of the iteration. The iteration can pause while an HTTP client receives data. In
   * a pause, series can be removed and added again in other rows. The removed series are returned with their last
   * values, after all others. The new rows are not returned, so each label set is returned once.
   */
  *all<Series>(read: RowReader<Series>): Generator<Series, void, undefined> {
    const iteration = this.#iterations.begin(this.#count);
    try {
      while (iteration.row < iteration.end) {
        const series = this.read(iteration.row++, read);
        if (series !== undefined) yield series;
      }
      for (const part of iteration.removed) {
        const series = read(part, NO_PARTS, undefined);
        if (series !== undefined) yield series;
      }
    } finally {
      this.#iterations.end(iteration);
    }
  }

  /** The number of rows, including empty ones. */
  get count(): number {
    return this.#count;
  }

  /** Whether no other segment has series, and no counts of removed segments are kept. */
  #isOnlySegment(segment: SegmentReader): boolean {
    const others = this.#segments.size - (this.#segments.has(segment) ? 1 : 0);
    const isOnly = others === 0 && this.#ended === undefined;
    if (isOnly) this.#byLabels = undefined;
    return isOnly;
  }

  #updateOnlyRows(): void {
    const isOnly = this.#segments.size === 1 && this.#ended === undefined;
    this.#onlyRows = isOnly ? this.#segments.values().next().value : undefined;
  }

  #rowOf(labelValues: readonly string[]): number {
    const rows = this.#labelTree();
    let row = rows.find(labelValues);
    if (row === undefined) {
      row = this.#count++;
      rows.add(labelValues, row);
    }
    return row;
  }

  #labelTree(): LabelTree<number> {
    if (this.#byLabels === undefined) {
      this.#byLabels = new LabelTree();
      for (let row = 0; row < this.#count; row++) {
        const [first] = this.partsOf(row);
        if (first !== undefined) this.#byLabels.add(first.record.labelValues, row);
      }
    }
    return this.#byLabels;
  }

  #dropEmpty(): void {
    const segments = [...this.#segments.values()];
    const all = Array.from({ length: this.#count }, (_, row) => row);
    const kept = all.filter((row) => this.#ended?.part(row) !== undefined || segments.some((rows) => rows.has(row)));
    for (const rows of segments) rows.keepOnly(kept);
    this.#ended?.keepOnly(kept);
    const exemplars = kept.map((row) => this.#exemplars.get(row));
    this.#exemplars = new Map(exemplars.flatMap((one, row) => (one === undefined ? [] : [[row, one] as const])));
    this.#iterations.keepOnly(kept);
    this.#count = kept.length;
    this.#emptyCount = 0;
    this.#byLabels = undefined;
  }
}
