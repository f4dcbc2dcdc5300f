import { type CellSlice, privateCells, WRITES_CELL } from '../cells.js';
import type { Descriptor } from '../descriptor.js';
import { CELLS_PER_LABELLED_EXEMPLAR, LabelledExemplarSlot } from '../labelled-exemplar.js';
import { privateChunkMemory } from '../native/chunk-memory.js';
import { NativeMetric } from '../native/native-metric.js';
import { NativeRecorder } from '../native/native-recorder.js';
import type { SegmentChain } from '../segment-chain.js';
import { cellsPerSeries, nativeHeaderOf, valuesPerSeries } from '../series.js';
import type { SeriesPlace } from './registered-metric.js';

/** The memory of a metric's series. */
export interface SeriesStorage {
  /** Allocates the zeroed cells of a series. Returns undefined if there is no memory. */
  add(labelValues: readonly string[]): CellSlice | undefined;
  /** Returns a recorder for the native histogram of a series, if the metric has native histograms. */
  recorderFor(series: CellSlice): NativeRecorder | undefined;
  /** Sets all values of a series to zero. Its recorder is invalid then. */
  clear(series: CellSlice): void;
  /** Removes a series and its exemplars. */
  remove(series: CellSlice): void;
  /** Returns the memory for an exemplar, or undefined if there is none. */
  exemplarSlot(series: CellSlice, index: number): LabelledExemplarSlot | undefined;
  /** Removes the exemplars of a series. */
  clearExemplars(series: CellSlice): void;
  /** Updates the creation time of all series. */
  updateCreationTime(): void;
  /** Hides the metric from readers. All its series must be removed before. */
  close(): void;
}

/** Stores series in shared memory, where scrapes read them. */
export class SharedStorage implements SeriesStorage {
  readonly #memory: SegmentChain;
  readonly #metric: number;
  readonly #count: number;
  readonly #native: NativeMetric | undefined;
  readonly #exemplars = new Map<CellSlice, Map<number, { slice: CellSlice; slot: LabelledExemplarSlot }>>();
  #resetTime: CellSlice | undefined;

  constructor(
    memory: SegmentChain,
    private readonly descriptor: Descriptor,
  ) {
    this.#memory = memory;
    this.#native = descriptor.native && new NativeMetric(descriptor.native, memory.chunkMemory);
    this.#metric = memory.newMetric();
    this.#count = cellsPerSeries(descriptor);
    memory.publish({ type: 'metric', metric: this.#metric, descriptor });
    memory.publish({ type: 'visible', metric: this.#metric, visible: true });
  }

  /** The memory, and the number of the metric in it. */
  get place(): SeriesPlace {
    return { memory: this.#memory, metric: this.#metric };
  }

  add(labelValues: readonly string[]): CellSlice | undefined {
    const createdSeconds = Date.now() / 1_000;
    const metric = this.#metric;
    return this.#memory.allocate(this.#count, (cell) => ({
      type: 'series',
      metric,
      cell,
      createdSeconds,
      labelValues,
    }));
  }

  recorderFor(series: CellSlice): NativeRecorder | undefined {
    return this.#native && new NativeRecorder(nativeHeaderOf(this.descriptor, series), this.#native);
  }

  clear(series: CellSlice): void {
    this.#native?.clear(nativeHeaderOf(this.descriptor, series));
    clearValues(this.descriptor, series);
  }

  remove(series: CellSlice): void {
    this.#memory.removeSeries(this.#metric, series, this.#count);
    this.#native?.release(nativeHeaderOf(this.descriptor, series));
    for (const { slice } of this.#exemplars.get(series)?.values() ?? []) {
      this.#memory.free(slice, CELLS_PER_LABELLED_EXEMPLAR);
    }
    this.#exemplars.delete(series);
  }

  exemplarSlot(series: CellSlice, index: number): LabelledExemplarSlot | undefined {
    const exemplars = this.#exemplars.get(series) ?? new Map();
    const known = exemplars.get(index);
    if (known !== undefined) return known.slot;
    const { segment, cell: first } = this.#memory.placeOf(series);
    if (segment < 0) return undefined;
    const metric = this.#metric;
    const slice = this.#memory.allocate(CELLS_PER_LABELLED_EXEMPLAR, (cell) => ({
      type: 'exemplar',
      metric,
      cell,
      segment,
      series: first,
      index,
    }));
    if (slice === undefined) return undefined;
    const slot = new LabelledExemplarSlot(slice);
    this.#exemplars.set(series, exemplars.set(index, { slice, slot }));
    return slot;
  }

  clearExemplars(series: CellSlice): void {
    for (const { slot } of this.#exemplars.get(series)?.values() ?? []) slot.clear();
  }

  updateCreationTime(): void {
    const metric = this.#metric;
    this.#resetTime ??= this.#memory.allocate(1, (cell) => ({ type: 'reset', metric, cell }));
    if (this.#resetTime === undefined) return;
    const { page, offset } = this.#resetTime;
    page[offset] = Date.now() / 1_000;
    page[WRITES_CELL]! += 1;
  }

  close(): void {
    this.#memory.publish({ type: 'visible', metric: this.#metric, visible: false });
    this.#memory.forgetMetric(this.#metric);
  }
}

/** Stores the series of a metric that is in no registry. No reader sees them. */
export class PrivateStorage implements SeriesStorage {
  constructor(private readonly descriptor: Descriptor) {}

  add(): CellSlice {
    return privateCells(cellsPerSeries(this.descriptor));
  }

  recorderFor(series: CellSlice): NativeRecorder | undefined {
    const { native } = this.descriptor;
    if (native === undefined) return undefined;
    const metric = new NativeMetric(native, privateChunkMemory());
    return new NativeRecorder(nativeHeaderOf(this.descriptor, series), metric);
  }

  clear(series: CellSlice): void {
    // The chunks are in the private memory of the recorder.
    series.page.fill(0, series.offset, series.offset + cellsPerSeries(this.descriptor));
  }

  remove(): void {}

  exemplarSlot(): undefined {}

  clearExemplars(): void {}

  updateCreationTime(): void {}

  close(): void {}
}

function clearValues(descriptor: Descriptor, { page, offset }: CellSlice): void {
  page.fill(0, offset, offset + valuesPerSeries(descriptor));
  page[WRITES_CELL]! += 1;
}
