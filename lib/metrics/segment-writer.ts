import { CellAllocator, type CellSlice } from './cells.js';
import type { Descriptor } from './descriptor.js';
import { LabelTree } from './label-tree.js';
import { Segment } from './segment.js';
import { cellsPerSeries } from './series.js';

/** Numbers of a series that were not recorded here, but told. */
export interface ToldSeries {
  readonly labelValues: readonly string[];
  readonly createdSeconds: number;
  /** In the order of the series' cells. */
  readonly cells: ArrayLike<number>;
}

interface WrittenMetric {
  readonly number: number;
  readonly tree: LabelTree<CellSlice>;
}

/** Writes a segment of numbers that were told: another process's, or those a thread left behind. */
export class SegmentWriter {
  readonly segment = new Segment();
  readonly #cells = new CellAllocator(() => this.segment.newCellPage());
  readonly #metrics = new Map<string, WrittenMetric>();

  /** Sets a series to the numbers given; one there is no room for is left out. */
  write(descriptor: Descriptor, { labelValues, createdSeconds, cells }: ToldSeries): void {
    const { number, tree } = this.#metric(descriptor);
    let slice = tree.find(labelValues);
    if (slice === undefined) {
      slice = this.#cells.allocate(cellsPerSeries(descriptor));
      if (slice === undefined) return;
      tree.add(labelValues, slice);
      const cell = this.segment.cellIndex(slice.page, slice.offset);
      this.segment.append({ type: 'series', metric: number, cell, createdSeconds, labelValues });
    }
    slice.page.set(cells, slice.offset);
  }

  #metric(descriptor: Descriptor): WrittenMetric {
    let metric = this.#metrics.get(descriptor.name);
    if (metric === undefined) {
      metric = { number: this.#metrics.size, tree: new LabelTree() };
      this.#metrics.set(descriptor.name, metric);
      this.segment.append({ type: 'metric', metric: metric.number, descriptor });
    }
    return metric;
  }
}
