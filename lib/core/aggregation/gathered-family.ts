import type { Family } from '../formats/family.js';
import type { DefaultLabels } from '../formats/foreign-metric.js';
import { type LabelWriter, labelWriter } from '../formats/label-text.js';
import type { CellSlice } from '../metrics/cells.js';
import type { Descriptor } from '../metrics/descriptor.js';
import type { SegmentReader } from '../metrics/segment-reader.js';
import type { ExemplarsRecord, LabelledExemplarRecord } from '../metrics/segment-record.js';
import type { LoggedSeries } from '../metrics/series-record.js';
import { FamilyRows, type RowReader } from './family-rows.js';
import { GatheredSeries } from './gathered-series.js';

/**
 * A metric, combined from one or more segments. The object for a series is created when the series is read.
 *
 * All its series have the same kind, labels and buckets.
 */
export class GatheredFamily implements Family {
  readonly #rows = new FamilyRows();
  readonly #resetTimes = new Map<SegmentReader, CellSlice>();
  /** The last reset time of removed segments. */
  #endedReset = 0;
  #descriptor: Descriptor;
  #labelWriterCache:
    | { readonly descriptor: Descriptor; readonly defaults: DefaultLabels; readonly writer: LabelWriter }
    | undefined;

  constructor(
    descriptor: Descriptor,
    private readonly readDefaultLabels: () => DefaultLabels,
  ) {
    this.#descriptor = descriptor;
  }

  get isEmpty(): boolean {
    return this.#rows.isEmpty;
  }

  get descriptor(): Descriptor {
    return this.#descriptor;
  }

  /** The labels that every series has in addition to its own. */
  get defaultLabels(): DefaultLabels {
    return this.readDefaultLabels();
  }

  /** Replaces the declaration by one with the same kind, labels and buckets. */
  describe(descriptor: Descriptor): void {
    this.#descriptor = descriptor;
  }

  /** The series. The current values are read during the iteration (see `FamilyRows.all`). */
  get series(): Iterable<GatheredSeries> {
    return { [Symbol.iterator]: () => this.#rows.all(this.#reader()) };
  }

  /** Adds a series of a segment. */
  add(series: LoggedSeries, segment: SegmentReader): void {
    this.#rows.add(series, segment);
  }

  /** Removes the series with this first cell from a segment. Returns its label values, if there was such a series. */
  remove(segment: SegmentReader, cell: number): readonly string[] | undefined {
    return this.#rows.remove(segment, cell);
  }

  /** Removes empty rows if there are many. Returns whether other rows have moved. */
  compact(): boolean {
    return this.#rows.compact();
  }

  /** Adds exemplars, which are in `segment`. Their series can be in another segment, `seriesSegment`. */
  addExemplars(
    record: ExemplarsRecord | LabelledExemplarRecord,
    segment: SegmentReader,
    seriesSegment: SegmentReader,
  ): void {
    if (!this.accumulates) return;
    this.#rows.addExemplars(record, segment, { seriesSegment, descriptor: this.#descriptor });
  }

  /** Adds the cell in which a segment stores the last reset time of the metric. */
  addResetTime(segment: SegmentReader, cell: number): void {
    this.#resetTimes.set(segment, segment.slice(cell));
  }

  /** The cells of a metric without labels, in the first segment that had a series of the metric. */
  get leadingSlice(): CellSlice | undefined {
    return this.#descriptor.labels.length > 0 ? undefined : this.#rows.leadingPart;
  }

  /** Removes the segment of an ended thread. Its counts are kept. Its gauges are removed. */
  retire(segment: SegmentReader): void {
    this.#endedReset = this.#resetSeconds;
    this.#resetTimes.delete(segment);
    if (this.accumulates) this.#rows.retire(segment, this.#descriptor);
    else this.#rows.drop(segment);
  }

  /** The last reset time of the metric, in Unix seconds; 0 if it was never reset. */
  get #resetSeconds(): number {
    const times = [...this.#resetTimes.values()].map(({ page, offset }) => page[offset]!);
    return Math.max(this.#endedReset, ...times);
  }

  /** Whether the values of ended threads are kept. If not, their rows are removed, and other rows move. */
  get accumulates(): boolean {
    const { kind } = this.#descriptor;
    return kind === 'counter' || kind === 'histogram' || kind === 'summary';
  }

  /** The row of a series, by its first cell in a segment. */
  rowAt(segment: SegmentReader, cell: number): number | undefined {
    return this.#rows.rowAt(segment, cell);
  }

  /** The row of a series, by its label values. */
  rowWith(labelValues: readonly string[]): number | undefined {
    return this.#rows.rowWith(labelValues);
  }

  get size(): number {
    return this.#rows.count;
  }

  /** The numbers of all rows. Some can be empty. */
  get rows(): Iterable<number> {
    return Array(this.#rows.count).keys();
  }

  /** The label values of a row, if it is not empty. */
  labelValuesAt(row: number): readonly string[] | undefined {
    return this.#rows.partsOf(row)[0]?.record.labelValues;
  }

  /** The series in a row, if the row is not empty. `undefined` for a gauge with `omit` that several segments have. */
  seriesAt(row: number): GatheredSeries | undefined {
    return this.#rows.read(row, this.#reader());
  }

  /** The rows in which a segment has a series. */
  rowsIn(segment: SegmentReader): readonly number[] {
    return this.#rows.rowsIn(segment);
  }

  /** Returns a function that returns the series of a row, with the current declaration and reset time. */
  #reader(): RowReader<GatheredSeries> {
    const descriptor = this.#descriptor;
    const metric = { descriptor, resetSeconds: this.#resetSeconds, writeLabels: this.#labelWriter() };
    const isOmittedIfShared = descriptor.kind === 'gauge' && descriptor.aggregation === 'omit';
    return (first, more, exemplars) =>
      isOmittedIfShared && more.length > 0 ? undefined : new GatheredSeries(metric, first, more, exemplars);
  }

  #labelWriter(): LabelWriter {
    const [descriptor, defaults] = [this.#descriptor, this.defaultLabels];
    if (this.#labelWriterCache?.defaults !== defaults || this.#labelWriterCache.descriptor !== descriptor) {
      this.#labelWriterCache = { descriptor, defaults, writer: labelWriter(descriptor, defaults) };
    }
    return this.#labelWriterCache.writer;
  }
}
