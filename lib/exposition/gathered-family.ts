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
  readonly series = new Set<GatheredSeries>();
  readonly #tree = new LabelTree<GatheredSeries>();
  #descriptor: Descriptor;

  constructor(
    descriptor: Descriptor,
    private readonly defaultLabels: () => DefaultLabels,
  ) {
    this.#descriptor = descriptor;
  }

  get descriptor(): Descriptor {
    return this.#descriptor;
  }

  /**
   * Whether series of this declaration can be added: the labels and buckets are the same, or there are none yet and
   * the family takes over the declaration.
   */
  accepts(descriptor: Descriptor): boolean {
    if (this.#tree.size === 0) this.#descriptor = descriptor;
    return (
      descriptor.kind === this.#descriptor.kind &&
      isSame(descriptor.labels, this.#descriptor.labels) &&
      isSame(descriptor.buckets, this.#descriptor.buckets)
    );
  }

  /** Adds a series of a segment. */
  add({ labelValues, cell, createdSeconds }: SeriesRecord, segment: number, reader: SegmentReader): void {
    let series = this.#tree.find(labelValues);
    if (series === undefined) {
      series = new GatheredSeries(this.#descriptor, labelValues, this.defaultLabels, createdSeconds);
      this.#tree.add(labelValues, series);
    }
    series.add(segment, reader.slice(cell));
    this.series.add(series);
  }

  /** Adds the exemplars a segment has of a series. */
  addExemplars({ labelValues, cell }: ExemplarsRecord, segment: number, reader: SegmentReader): void {
    const slots = new ExemplarSlots(reader.slice(cell), exemplarsPerSeries(this.#descriptor));
    this.#tree.find(labelValues)?.addExemplars(segment, slots);
  }

  /** Where the leading segment's one series of a metric without labels has its cells. */
  get leadingSlice(): CellSlice | undefined {
    return this.#tree.find([])?.leadingSlice;
  }

  /** Takes a segment away whose thread has ended; series of which nothing is left are shown no more. */
  retire(segment: number): void {
    for (const series of this.series) if (!series.retire(segment)) this.series.delete(series);
  }
}

function isSame(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index]);
}
