import type { Family } from '../formats/family.js';
import type { DefaultLabels } from '../formats/foreign-metric.js';
import { type LabelWriter, labelWriter } from '../formats/label-text.js';
import type { CellSlice } from '../metrics/cells.js';
import type { Descriptor } from '../metrics/descriptor.js';
import { ExemplarSlots } from '../metrics/exemplar-slots.js';
import { LabelTree } from '../metrics/label-tree.js';
import type { SegmentReader } from '../metrics/segment-reader.js';
import type { ExemplarsRecord } from '../metrics/segment-record.js';
import { exemplarsPerSeries } from '../metrics/series.js';
import type { LoggedSeries } from '../metrics/series-record.js';
import { EndedRows } from './ended-rows.js';
import { GatheredExemplars } from './gathered-exemplars.js';
import { GatheredSeries } from './gathered-series.js';
import { SegmentRows } from './segment-rows.js';
import type { SeriesPart } from './series-part.js';

/**
 * A metric, summed over one or more segments.
 *
 * A row contains the position of a series in each segment. Objects for series are only created when they are read. The
 * series of one segment all have different labels. So rows are looked up by labels only if several segments have
 * series.
 */
export class GatheredFamily implements Family {
  visible = true;
  readonly #segments = new Map<SegmentReader, SegmentRows>();
  #ended: EndedRows | undefined;
  readonly #exemplars = new Map<number, GatheredExemplars>();
  readonly #resetTimes = new Map<SegmentReader, CellSlice>();
  /** The last reset time of removed segments. */
  #endedReset = 0;
  #rowCount = 0;
  #rowsByLabels: LabelTree<number> | undefined;
  #leader: SegmentReader | undefined;
  #descriptor: Descriptor;
  /** The next row of each iteration in progress. */
  readonly #cursors = new Set<{ row: number }>();
  #labelWriterCache:
    | { readonly descriptor: Descriptor; readonly defaults: DefaultLabels; readonly writer: LabelWriter }
    | undefined;
  #leadingDescriptor: Descriptor | undefined;

  constructor(
    descriptor: Descriptor,
    private readonly defaultLabels: () => DefaultLabels,
  ) {
    this.#descriptor = descriptor;
  }

  get isEmpty(): boolean {
    return this.#rowCount === 0;
  }

  get descriptor(): Descriptor {
    return this.#descriptor;
  }

  /** The series. The current values are read during the iteration. */
  get series(): Iterable<GatheredSeries> {
    return { [Symbol.iterator]: () => this.#allSeries() };
  }

  /** Sets the declaration of the leading thread. It has priority until there are series. */
  setLeadingDescriptor(descriptor: Descriptor): void {
    this.#leadingDescriptor = descriptor;
    if (this.#rowCount === 0) this.#descriptor = descriptor;
  }

  /**
   * Whether a series with this declaration can be added.
   *
   * Its kind, labels and buckets must equal those of the family. If the family has no series and no leading
   * declaration, it adopts this declaration.
   */
  accepts(descriptor: Descriptor): boolean {
    if (this.#rowCount === 0) this.#descriptor = this.#leadingDescriptor ?? descriptor;
    if (descriptor === this.#descriptor) return true;
    return (
      descriptor.kind === this.#descriptor.kind &&
      String(descriptor.labels) === String(this.#descriptor.labels) &&
      String(descriptor.buckets) === String(this.#descriptor.buckets)
    );
  }

  /** Adds a series of a segment. */
  add(series: LoggedSeries, segment: SegmentReader): void {
    this.#leader ??= segment;
    const row = this.#isOnlySegment(segment) ? this.#rowCount++ : this.#rowOf(series.labelValues);
    const rows = this.#segments.get(segment) ?? new SegmentRows(segment);
    this.#segments.set(segment, rows);
    rows.set(row, series.position);
  }

  /** Adds exemplars, which are in `segment`. Their series can be in another segment, `seriesSegment`. */
  addExemplars({ series, cell }: ExemplarsRecord, segment: SegmentReader, seriesSegment: SegmentReader): void {
    const row = this.#segments.get(seriesSegment)?.rowOf(series);
    if (row === undefined || !this.accumulates) return;
    const exemplars = this.#exemplars.get(row) ?? new GatheredExemplars();
    this.#exemplars.set(row, exemplars);
    exemplars.add(segment, new ExemplarSlots(segment.slice(cell), exemplarsPerSeries(this.#descriptor)));
  }

  /** Adds the cell in which a segment stores the last reset time of the metric. */
  addResetTime(segment: SegmentReader, cell: number): void {
    this.#resetTimes.set(segment, segment.slice(cell));
  }

  /** The cells of a metric without labels, in the first segment that had a series of it. */
  get leadingSlice(): CellSlice | undefined {
    if (this.#descriptor.labels.length > 0 || this.#leader === undefined) return undefined;
    return this.#segments.get(this.#leader)?.part(0);
  }

  /** Removes the segment of an ended thread. Its counts are kept. Its gauges are removed. */
  retire(segment: SegmentReader): void {
    const rows = this.#segments.get(segment);
    if (rows === undefined) return;
    this.#endedReset = this.#resetSeconds;
    this.#resetTimes.delete(segment);
    this.#segments.delete(segment);
    for (const exemplars of this.#exemplars.values()) exemplars.retire(segment);
    if (!this.accumulates) {
      this.#dropEmptyRows();
      return;
    }
    this.#ended ??= new EndedRows(this.#descriptor);
    for (let row = 0; row < this.#rowCount; row++) {
      const part = rows.part(row);
      if (part !== undefined) this.#ended.add(row, part);
    }
  }

  /** The last reset time of the metric, in Unix seconds; 0 if it was never reset. */
  get #resetSeconds(): number {
    const times = [...this.#resetTimes.values()].map(({ page, offset }) => page[offset]!);
    return Math.max(this.#endedReset, ...times);
  }

  /** Whether the values of ended threads are kept. If not, their rows are removed, and other rows move. */
  get accumulates(): boolean {
    return this.#descriptor.kind === 'counter' || this.#descriptor.kind === 'histogram';
  }

  /** The row of a series, by its first cell in a segment. */
  rowAt(segment: SegmentReader, cell: number): number | undefined {
    return this.#segments.get(segment)?.rowOf(cell);
  }

  /** The row of a series, by its label values. */
  rowWith(labelValues: readonly string[]): number | undefined {
    return this.#labelTree().find(labelValues);
  }

  /** The series in a row, if any segment has it. */
  seriesAt(row: number): GatheredSeries | undefined {
    const [first, ...more] = this.#partsOf(row);
    if (first === undefined) return undefined;
    const [descriptor, resetSeconds] = [this.#descriptor, this.#resetSeconds];
    const [writeLabels, exemplars] = [this.#labelWriter(), this.#exemplars.get(row)];
    return new GatheredSeries({ descriptor, writeLabels, resetSeconds, first, more, exemplars });
  }

  /** The rows in which a segment has a series. */
  rowsIn(segment: SegmentReader): readonly number[] {
    const rows = this.#segments.get(segment);
    return Array.from({ length: this.#rowCount }, (_, row) => row).filter((row) => rows?.has(row));
  }

  *#allSeries(): Generator<GatheredSeries> {
    const descriptor = this.#descriptor;
    const writeLabels = this.#labelWriter();
    const resetSeconds = this.#resetSeconds;
    // Rows can be removed while the iteration waits for a slow reader.
    const cursor = { row: 0 };
    this.#cursors.add(cursor);
    try {
      while (cursor.row < this.#rowCount) {
        const row = cursor.row++;
        const [first, ...more] = this.#partsOf(row);
        if (first === undefined) continue;
        const exemplars = this.#exemplars.get(row);
        yield new GatheredSeries({ descriptor, writeLabels, resetSeconds, first, more, exemplars });
      }
    } finally {
      this.#cursors.delete(cursor);
    }
  }

  #partsOf(row: number): readonly SeriesPart[] {
    const parts: SeriesPart[] = [];
    const ended = this.#ended?.part(row);
    if (ended !== undefined) parts.push(ended);
    for (const rows of this.#segments.values()) {
      const part = rows.part(row);
      if (part !== undefined) parts.push(part);
    }
    return parts;
  }

  #labelWriter(): LabelWriter {
    const [descriptor, defaults] = [this.#descriptor, this.defaultLabels()];
    if (this.#labelWriterCache?.defaults !== defaults || this.#labelWriterCache.descriptor !== descriptor) {
      this.#labelWriterCache = { descriptor, defaults, writer: labelWriter(descriptor, defaults) };
    }
    return this.#labelWriterCache.writer;
  }

  /** Whether no other segment has series, and no counts of ended segments are kept. */
  #isOnlySegment(segment: SegmentReader): boolean {
    const others = this.#segments.size - (this.#segments.has(segment) ? 1 : 0);
    const isOnly = others === 0 && this.#ended === undefined;
    if (isOnly) this.#rowsByLabels = undefined;
    return isOnly;
  }

  #rowOf(labelValues: readonly string[]): number {
    const rows = this.#labelTree();
    let row = rows.find(labelValues);
    if (row === undefined) {
      row = this.#rowCount++;
      rows.add(labelValues, row);
    }
    return row;
  }

  #labelTree(): LabelTree<number> {
    if (this.#rowsByLabels === undefined) {
      this.#rowsByLabels = new LabelTree();
      for (let row = 0; row < this.#rowCount; row++) {
        const [first] = this.#partsOf(row);
        if (first !== undefined) this.#rowsByLabels.add(first.record.labelValues, row);
      }
    }
    return this.#rowsByLabels;
  }

  #dropEmptyRows(): void {
    const segments = [...this.#segments.values()];
    const all = Array.from({ length: this.#rowCount }, (_, row) => row);
    const kept = all.filter((row) => segments.some((rows) => rows.has(row)));
    for (const rows of segments) rows.keepOnly(kept);
    for (const cursor of this.#cursors) cursor.row = kept.filter((row) => row < cursor.row).length;
    this.#rowCount = kept.length;
    this.#rowsByLabels = undefined;
  }
}
