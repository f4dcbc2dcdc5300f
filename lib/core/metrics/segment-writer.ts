import { type CellSlice, WRITES_CELL } from './cells.js';
import { type Descriptor, layoutOf } from './descriptor.js';
import { CELLS_PER_EXEMPLAR, ExemplarSlots, type StoredExemplar } from './exemplar-slots.js';
import { LabelTree } from './label-tree.js';
import { SegmentChain } from './segment-chain.js';
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

/** Writes segments of numbers that were told: another process's, or those a thread left behind. */
export class SegmentWriter {
  readonly memory: SegmentChain;
  readonly #metrics = new Map<string, WrittenMetric>();
  /** Those of declarations that were given before: many series come with the same object. */
  readonly #known = new WeakMap<Descriptor, WrittenMetric>();

  /** @param maxSegmentBytes The most that one segment takes; default 256 MiB. */
  constructor(maxSegmentBytes?: number) {
    this.memory = new SegmentChain(maxSegmentBytes);
  }

  /** Sets a series to the numbers given. Returns false if the system has no memory left for a new series. */
  write(descriptor: Descriptor, told: ToldSeries): boolean {
    const metric = this.#metric(descriptor);
    const written = metric.tree.find(told.labelValues) ?? this.#add(metric, told);
    if (written === undefined) return false;
    written.slice.page.set(told.cells, written.slice.offset);
    written.slice.page[WRITES_CELL]! += 1;
    // A series is set back to zero together with all of its metric.
    if (told.createdSeconds > written.createdSeconds) this.#writeReset(metric, told.createdSeconds);
    told.exemplars?.forEach((exemplar, index) => {
      if (exemplar === undefined) return;
      written.exemplars ??= this.#addExemplars(metric, written.slice);
      written.exemplars?.store(index, exemplar);
    });
    return true;
  }

  #add({ descriptor, number, tree }: WrittenMetric, told: ToldSeries): WrittenSeries | undefined {
    const { labelValues, createdSeconds } = told;
    const slice = this.memory.allocate(cellsPerSeries(descriptor), (cell) => ({
      type: 'series',
      metric: number,
      cell,
      createdSeconds,
      labelValues,
    }));
    if (slice === undefined) return undefined;
    const written = { slice, createdSeconds, exemplars: undefined };
    tree.add(labelValues, written);
    return written;
  }

  #writeReset(metric: WrittenMetric, seconds: number): void {
    metric.resetTime ??= this.memory.allocate(1, (cell) => ({ type: 'reset', metric: metric.number, cell }));
    if (metric.resetTime === undefined) return;
    const { page, offset } = metric.resetTime;
    page[offset] = Math.max(page[offset]!, seconds);
    page[WRITES_CELL]! += 1;
  }

  #addExemplars(metric: WrittenMetric, series: CellSlice): ExemplarSlots | undefined {
    const count = exemplarsPerSeries(metric.descriptor);
    const { segment, cell: first } = this.memory.placeOf(series);
    const slice = this.memory.allocate(count * CELLS_PER_EXEMPLAR, (cell) => ({
      type: 'exemplars',
      metric: metric.number,
      cell,
      segment,
      series: first,
    }));
    return slice === undefined ? undefined : new ExemplarSlots(slice, count);
  }

  #metric(descriptor: Descriptor): WrittenMetric {
    const known = this.#known.get(descriptor);
    if (known !== undefined) return known;
    const layout = layoutOf(descriptor);
    let metric = this.#metrics.get(layout);
    if (metric === undefined) {
      metric = { number: this.#metrics.size, descriptor, tree: new LabelTree(), resetTime: undefined };
      this.#metrics.set(layout, metric);
      this.memory.publish({ type: 'metric', metric: metric.number, descriptor });
    }
    this.#known.set(descriptor, metric);
    return metric;
  }
}
