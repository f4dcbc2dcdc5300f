import { type CellSlice, WRITES_CELL } from './cells.js';
import { type Descriptor, layoutOf } from './descriptor.js';
import { CELLS_PER_EXEMPLAR, ExemplarSlots, type StoredExemplar } from './exemplar-slots.js';
import { LabelTree } from './label-tree.js';
import { SegmentChain } from './segment-chain.js';
import { cellsPerSeries, exemplarsPerSeries } from './series.js';

/** Values of a series that another thread or process recorded. */
export interface ReportedSeries {
  readonly labelValues: readonly string[];
  readonly createdSeconds: number;
  /** In the order of the series' cells. */
  readonly cells: ArrayLike<number>;
  /** In the order of the series' exemplars. Default: none. */
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
  /** The cell with the time of the metric's latest reset. */
  resetTime: CellSlice | undefined;
}

/** Writes segments with values from another process, or from a thread that has ended. */
export class SegmentWriter {
  readonly memory: SegmentChain;
  readonly #metrics = new Map<string, WrittenMetric>();
  /** The metrics of known descriptor objects. Many series have the same object. */
  readonly #known = new WeakMap<Descriptor, WrittenMetric>();

  /** @param maxSegmentBytes Maximum size of one segment. Default: 256 MiB. */
  constructor(maxSegmentBytes?: number) {
    this.memory = new SegmentChain(maxSegmentBytes);
  }

  /** Sets a series to the given values. Returns false if the system has no memory left for a new series. */
  write(descriptor: Descriptor, reported: ReportedSeries): boolean {
    const metric = this.#metric(descriptor);
    const written = metric.tree.find(reported.labelValues) ?? this.#add(metric, reported);
    if (written === undefined) return false;
    written.slice.page.set(reported.cells, written.slice.offset);
    written.slice.page[WRITES_CELL]! += 1;
    // A reset always affects all series of a metric.
    if (reported.createdSeconds > written.createdSeconds) this.#writeReset(metric, reported.createdSeconds);
    reported.exemplars?.forEach((exemplar, index) => {
      if (exemplar === undefined) return;
      written.exemplars ??= this.#addExemplars(metric, written.slice);
      written.exemplars?.store(index, exemplar);
    });
    return true;
  }

  #add({ descriptor, number, tree }: WrittenMetric, reported: ReportedSeries): WrittenSeries | undefined {
    const { labelValues, createdSeconds } = reported;
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
