import type { CellSlice } from '../metrics/cells.js';
import type { Descriptor } from '../metrics/descriptor.js';
import { ExemplarSlots } from '../metrics/exemplar-slots.js';
import { LabelTree } from '../metrics/label-tree.js';
import type { SegmentReader } from '../metrics/segment-reader.js';
import type { ExemplarsRecord, SeriesRecord } from '../metrics/segment-record.js';
import { exemplarsPerSeries } from '../metrics/series.js';
import type { Family } from './family.js';
import type { DefaultLabels } from './foreign-metric.js';
import { GatheredSeries } from './gathered-series.js';

/** A metric of one or more segments, added up. */
export class GatheredFamily implements Family {
  visible = true;
  #series: GatheredSeries[] = [];
  /** Made when series must be found again: those of one segment alone are all different. */
  #tree: LabelTree<GatheredSeries> | undefined;
  /** The one segment that has given series so far; NaN, which no segment is, once there were more. */
  #onlySegment: number | undefined;
  #descriptor: Descriptor;
  #leading: Descriptor | undefined;

  constructor(
    descriptor: Descriptor,
    private readonly defaultLabels: () => DefaultLabels,
  ) {
    this.#descriptor = descriptor;
  }

  get descriptor(): Descriptor {
    return this.#descriptor;
  }

  get series(): readonly GatheredSeries[] {
    return this.#series;
  }

  /** Takes what the first segment declares: it goes before what others do, as long as there are no series. */
  lead(descriptor: Descriptor): void {
    this.#leading = descriptor;
    if (this.#series.length === 0) this.#descriptor = descriptor;
  }

  /**
   * Whether a series of this declaration can be added now: the labels and buckets are the same, or there are neither
   * series nor a declaration of the first segment, and the family takes over this one.
   */
  accepts(descriptor: Descriptor): boolean {
    if (this.#series.length === 0) this.#descriptor = this.#leading ?? descriptor;
    if (descriptor === this.#descriptor) return true;
    return (
      descriptor.kind === this.#descriptor.kind &&
      isSame(descriptor.labels, this.#descriptor.labels) &&
      isSame(descriptor.buckets, this.#descriptor.buckets)
    );
  }

  /** Adds a series of a segment. */
  add({ labelValues, cell, createdSeconds }: SeriesRecord, segment: number, reader: SegmentReader): void {
    this.#onlySegment ??= segment;
    const isAlone = this.#onlySegment === segment;
    if (!isAlone) this.#onlySegment = Number.NaN;
    let series = isAlone ? undefined : this.#find(labelValues);
    if (series === undefined) {
      series = new GatheredSeries(this.#descriptor, labelValues, this.defaultLabels, createdSeconds);
      this.#series.push(series);
      this.#tree?.add(labelValues, series);
    }
    series.add(segment, reader.slice(cell));
  }

  /** Adds the exemplars a segment has of a series. */
  addExemplars({ labelValues, cell }: ExemplarsRecord, segment: number, reader: SegmentReader): void {
    const slots = new ExemplarSlots(reader.slice(cell), exemplarsPerSeries(this.#descriptor));
    this.#find(labelValues)?.addExemplars(segment, slots);
  }

  /** Where the leading segment's one series of a metric without labels has its cells. */
  get leadingSlice(): CellSlice | undefined {
    return this.#descriptor.labels.length === 0 ? this.#series[0]?.leadingSlice : undefined;
  }

  /** Takes a segment away whose thread has ended; series of which nothing is left are shown no more. */
  retire(segment: number): void {
    const left = this.#series.filter((series) => series.retire(segment));
    if (left.length < this.#series.length) this.#tree = undefined;
    this.#series = left;
    // From now on a segment may have series that others have left.
    this.#onlySegment = Number.NaN;
  }

  #find(labelValues: readonly string[]): GatheredSeries | undefined {
    if (this.#tree === undefined) {
      this.#tree = new LabelTree();
      for (const series of this.#series) this.#tree.add(series.labelValues, series);
    }
    return this.#tree.find(labelValues);
  }
}

function isSame(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index]);
}
