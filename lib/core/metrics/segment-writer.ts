import { type CellSlice, WRITES_CELL } from './cells.js';
import { type Descriptor, layoutOf } from './descriptor.js';
import { CELLS_PER_EXEMPLAR, ExemplarSlots } from './exemplar-slots.js';
import { LabelTree } from './label-tree.js';
import { CELLS_PER_LABELLED_EXEMPLAR, type LabelledExemplar, LabelledExemplarSlot } from './labelled-exemplar.js';
import type { NativeHistogram } from './native/native-histogram.js';
import { NativeMetric } from './native/native-metric.js';
import { NativeRecorder } from './native/native-recorder.js';
import { SegmentChain } from './segment-chain.js';
import type { CellRecord } from './segment-record.js';
import { cellsPerSeries, exemplarsPerSeries, nativeHeaderOf } from './series.js';

/** Values of a series that another thread or process recorded. */
export interface ReportedSeries {
  readonly labelValues: readonly string[];
  readonly createdSeconds: number;
  /** In the order of the series' cells. */
  readonly cells: ArrayLike<number>;
  /** The native buckets of a histogram whose declaration has `native`. */
  readonly native?: NativeHistogram | undefined;
  /** In the order of the series' exemplars. Default: none. */
  readonly exemplars?: readonly (LabelledExemplar | undefined)[];
}

interface WrittenExemplars {
  traces: { readonly slots: ExemplarSlots; readonly slice: CellSlice } | undefined;
  readonly labelled: Map<number, { readonly slot: LabelledExemplarSlot; readonly slice: CellSlice }>;
}

interface WrittenSeries {
  readonly slice: CellSlice;
  readonly createdSeconds: number;
  readonly native: NativeRecorder | undefined;
  readonly exemplars: WrittenExemplars;
}

interface WrittenMetric {
  readonly number: number;
  readonly descriptor: Descriptor;
  readonly native: NativeMetric | undefined;
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
    this.memory = new SegmentChain({ maxSegmentBytes });
  }

  /** Sets a series to the given values. Returns false if the system has no memory left for a new series. */
  write(descriptor: Descriptor, reported: ReportedSeries): boolean {
    const metric = this.#metric(descriptor);
    const written = metric.tree.find(reported.labelValues) ?? this.#add(metric, reported);
    if (written === undefined) return false;
    if (reported.native !== undefined) written.native?.set(reported.native);
    written.slice.page.set(reported.cells, written.slice.offset);
    written.slice.page[WRITES_CELL]! += 1;
    // A reset always affects all series of a metric.
    if (reported.createdSeconds > written.createdSeconds) this.#writeReset(metric, reported.createdSeconds);
    reported.exemplars?.forEach((exemplar, index) => {
      if (exemplar !== undefined) this.#writeExemplar(metric, written, { exemplar, index });
    });
    return true;
  }

  /** Removes a series, if there is one with these label values. */
  remove(descriptor: Descriptor, labelValues: readonly string[]): void {
    const { number, native, tree } = this.#metric(descriptor);
    const written = tree.delete(labelValues);
    if (written === undefined) return;
    this.memory.removeSeries(number, written.slice, cellsPerSeries(descriptor));
    native?.release(nativeHeaderOf(descriptor, written.slice));
    const { traces, labelled } = written.exemplars;
    if (traces !== undefined) this.memory.free(traces.slice, traces.slots.count * CELLS_PER_EXEMPLAR);
    for (const { slice } of labelled.values()) this.memory.free(slice, CELLS_PER_LABELLED_EXEMPLAR);
  }

  #add(
    { descriptor, number, native: metric, tree }: WrittenMetric,
    reported: ReportedSeries,
  ): WrittenSeries | undefined {
    const { labelValues, createdSeconds } = reported;
    const slice = this.memory.allocate(cellsPerSeries(descriptor), (cell) => ({
      type: 'series',
      metric: number,
      cell,
      createdSeconds,
      labelValues,
    }));
    if (slice === undefined) return undefined;
    const native = metric && new NativeRecorder(nativeHeaderOf(descriptor, slice), metric);
    const written = { slice, createdSeconds, native, exemplars: { traces: undefined, labelled: new Map() } };
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

  #writeExemplar(
    metric: WrittenMetric,
    { slice, exemplars }: WrittenSeries,
    { exemplar, index }: { readonly exemplar: LabelledExemplar; readonly index: number },
  ): void {
    const { segment, cell: series } = this.memory.placeOf(slice);
    const owner = { metric: metric.number, segment, series };
    const { trace_id: traceId = '', span_id: spanId = '', ...others } = exemplar.labels;
    if (isTrace(traceId, spanId) && Object.keys(others).length === 0) {
      const count = exemplarsPerSeries(metric.descriptor);
      exemplars.traces ??= this.#allocate(
        count * CELLS_PER_EXEMPLAR,
        (cell) => ({ ...owner, type: 'exemplars', cell }),
        (place) => ({ slice: place, slots: new ExemplarSlots(place, count) }),
      );
      exemplars.traces?.slots.store(index, { ...exemplar, traceId, spanId });
      return;
    }
    const labelled =
      exemplars.labelled.get(index) ??
      this.#allocate(
        CELLS_PER_LABELLED_EXEMPLAR,
        (cell) => ({ ...owner, type: 'exemplar', cell, index }),
        (place) => ({ slice: place, slot: new LabelledExemplarSlot(place) }),
      );
    if (labelled === undefined) return;
    exemplars.labelled.set(index, labelled);
    labelled.slot.store(exemplar);
  }

  #allocate<Result>(
    count: number,
    describe: (cell: number) => CellRecord,
    use: (slice: CellSlice) => Result,
  ): Result | undefined {
    const slice = this.memory.allocate(count, describe);
    return slice === undefined ? undefined : use(slice);
  }

  #metric(descriptor: Descriptor): WrittenMetric {
    const known = this.#known.get(descriptor);
    if (known !== undefined) return known;
    const layout = layoutOf(descriptor);
    let metric = this.#metrics.get(layout);
    if (metric === undefined) {
      const native = descriptor.native && new NativeMetric(descriptor.native, this.memory.chunkMemory);
      metric = { number: this.memory.newMetric(), descriptor, native, tree: new LabelTree(), resetTime: undefined };
      this.#metrics.set(layout, metric);
      this.memory.publish({ type: 'metric', metric: metric.number, descriptor });
    }
    this.#known.set(descriptor, metric);
    return metric;
  }
}

function isTrace(traceId: string, spanId: string): boolean {
  return /^[\da-f]{32}$/.test(traceId) && /^[\da-f]{16}$/.test(spanId);
}
