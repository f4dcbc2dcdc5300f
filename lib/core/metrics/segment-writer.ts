import { CellAllocator, type CellSlice } from './cells.js';
import { type Descriptor, layoutOf } from './descriptor.js';
import { CELLS_PER_EXEMPLAR, ExemplarSlots, type StoredExemplar } from './exemplar-slots.js';
import { LabelTree } from './label-tree.js';
import { Segment } from './segment.js';
import { cellsPerSeries, exemplarsPerSeries } from './series.js';

/** Numbers of a series that were not recorded here, but told. */
export interface ToldSeries {
  readonly labelValues: readonly string[];
  readonly createdSeconds: number;
  /** In the order of the series' cells. */
  readonly cells: ArrayLike<number>;
  /** In the order of the series' exemplars; none by default. */
  readonly exemplars?: readonly (StoredExemplar | undefined)[];
}

interface WrittenSeries {
  readonly slice: CellSlice;
  readonly createdSeconds: number;
  exemplars: ExemplarSlots | undefined;
}

interface WrittenMetric {
  readonly number: number;
  readonly descriptor: Descriptor;
  readonly tree: LabelTree<WrittenSeries>;
  /** Where it is kept when the metric was last set back to zero. */
  resetTime: CellSlice | undefined;
}

/** Writes a segment of numbers that were told: another process's, or those a thread left behind. */
export class SegmentWriter {
  readonly segment = new Segment();
  readonly #cells = new CellAllocator(() => this.segment.newCellPage());
  readonly #metrics = new Map<string, WrittenMetric>();
  /** Those of declarations that were given before: many series come with the same object. */
  readonly #known = new WeakMap<Descriptor, WrittenMetric>();

  /** Sets a series to the numbers given; one there is no room for is left out. */
  write(descriptor: Descriptor, told: ToldSeries): void {
    const metric = this.#metric(descriptor);
    const written = metric.tree.find(told.labelValues) ?? this.#add(metric, told);
    if (written === undefined) return;
    written.slice.page.set(told.cells, written.slice.offset);
    // A series is set back to zero together with all of its metric.
    if (told.createdSeconds > written.createdSeconds) this.#writeReset(metric, told.createdSeconds);
    told.exemplars?.forEach((exemplar, index) => {
      if (exemplar === undefined) return;
      written.exemplars ??= this.#addExemplars(metric, written.slice);
      written.exemplars?.store(index, exemplar);
    });
  }

  #add({ descriptor, number, tree }: WrittenMetric, told: ToldSeries): WrittenSeries | undefined {
    const { labelValues, createdSeconds } = told;
    const slice = this.#cells.allocate(cellsPerSeries(descriptor));
    if (slice === undefined) return undefined;
    const written = { slice, createdSeconds, exemplars: undefined };
    tree.add(labelValues, written);
    const cell = this.segment.cellIndex(slice.page, slice.offset);
    this.segment.append({ type: 'series', metric: number, cell, createdSeconds, labelValues });
    return written;
  }

  #writeReset(metric: WrittenMetric, seconds: number): void {
    if (metric.resetTime === undefined) {
      const slice = this.#cells.allocate(1);
      if (slice === undefined) return;
      metric.resetTime = slice;
      const cell = this.segment.cellIndex(slice.page, slice.offset);
      this.segment.append({ type: 'reset', metric: metric.number, cell });
    }
    const { page, offset } = metric.resetTime;
    page[offset] = Math.max(page[offset]!, seconds);
  }

  #addExemplars(metric: WrittenMetric, { page, offset }: CellSlice): ExemplarSlots | undefined {
    const count = exemplarsPerSeries(metric.descriptor);
    const slice = this.#cells.allocate(count * CELLS_PER_EXEMPLAR);
    if (slice === undefined) return undefined;
    const cell = this.segment.cellIndex(slice.page, slice.offset);
    const series = this.segment.cellIndex(page, offset);
    this.segment.append({ type: 'exemplars', metric: metric.number, cell, series });
    return new ExemplarSlots(slice, count);
  }

  #metric(descriptor: Descriptor): WrittenMetric {
    const known = this.#known.get(descriptor);
    if (known !== undefined) return known;
    const layout = layoutOf(descriptor);
    let metric = this.#metrics.get(layout);
    if (metric === undefined) {
      metric = { number: this.#metrics.size, descriptor, tree: new LabelTree(), resetTime: undefined };
      this.#metrics.set(layout, metric);
      this.segment.append({ type: 'metric', metric: metric.number, descriptor });
    }
    this.#known.set(descriptor, metric);
    return metric;
  }
}
