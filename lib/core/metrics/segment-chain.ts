import { type CellSlice, WRITES_CELL } from './cells.js';
import { FreeCells } from './free-cells.js';
import { ChunkMemory } from './native/chunk-memory.js';
import { cellIndex, PAGE_BYTES, Segment } from './segment.js';
import type { CellRecord, RemovedRecord, SegmentRecord, StateRecord } from './segment-record.js';

/** Default address space of one segment, in bytes: 256 MiB. */
export const MAX_SEGMENT_BYTES = 256 * 2 ** 20;
/** If the address space is limited, smaller segments are reserved: 64, 16, 4 or 1 MiB. */
const SMALLER_SEGMENTS = [64, 16, 4, 1].map((mebibytes) => mebibytes * 2 ** 20);
/** If there is no memory for another segment, the chain retries after this time. */
const RETRY_MILLISECONDS = 1_000;

/** Default minimum time from the removal of a series to the reuse of its cells. Longer than a scrape takes. */
const REUSE_MILLISECONDS = 60_000;

/** Options of a segment chain. */
export interface SegmentChainOptions {
  /** Maximum size of one segment, in bytes. A multiple of 64 KiB; default: 256 MiB. */
  readonly maxSegmentBytes?: number | undefined;
  /** Time from the removal of a series to the reuse of its cells; default: 60 s. */
  readonly reuseMilliseconds?: number | undefined;
}

/** Called with each segment of a chain and its index in the chain. */
export type SegmentListener = (segment: Segment, index: number) => void;

/** The position of a slice in a chain: the index of its segment, and the index of its first cell in that segment. */
export interface SlicePlace {
  readonly segment: number;
  readonly cell: number;
}

/** A removed series, and the number of its cells. */
interface Removal {
  readonly record: RemovedRecord;
  readonly slice: CellSlice;
  readonly count: number;
}

/**
 * The shared memory of one writer, as a list of segments. Records and new series are only in the last segment. When it
 * is full, another one is added. So the records of all segments together are in the order of their events.
 *
 * Each segment contains the declarations of all metrics and the other states. Only two kinds of records can refer to an
 * earlier segment: those for exemplars, and removals. They refer to the segment of the series.
 */
export class SegmentChain {
  readonly #maxSegmentBytes: number;
  readonly #segments: Segment[] = [];
  /** The latest record of each key. Each new segment begins with them. */
  readonly #states = new Map<string, StateRecord>();
  readonly #listeners = new Set<SegmentListener>();
  /** Freed cells of the last segment. Cells of earlier segments are not reused: the logs there get no more records. */
  readonly #free: FreeCells;
  /** The removals that are not in the log yet, because there was no memory. */
  readonly #removals: Removal[] = [];
  #retryAfter = Number.NEGATIVE_INFINITY;
  #metricCount = 0;
  #chunkMemory: ChunkMemory | undefined;

  constructor({
    maxSegmentBytes = MAX_SEGMENT_BYTES,
    reuseMilliseconds = REUSE_MILLISECONDS,
  }: SegmentChainOptions = {}) {
    this.#maxSegmentBytes = maxSegmentBytes;
    this.#free = new FreeCells(reuseMilliseconds);
    // Without address space, importing the package still succeeds. There is then room for almost no series.
    this.#segments.push(this.#reserve() ?? new Segment(PAGE_BYTES));
  }

  /** All segments, in the order in which they were started. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Calls a listener with each existing and each future segment. Returns a function that stops this. */
  follow(listener: SegmentListener): () => void {
    this.#segments.forEach(listener);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The memory for native histograms of the series in this chain. */
  get chunkMemory(): ChunkMemory {
    this.#chunkMemory ??= new ChunkMemory(this);
    return this.#chunkMemory;
  }

  /** Returns the number of a new metric of this chain. */
  newMetric(): number {
    return this.#metricCount++;
  }

  /** Publishes a state of the writer to readers, in the current segment and all future ones. */
  publish(record: StateRecord): void {
    this.#states.set(keyOf(record), record);
    // A new segment begins with all states. If it can't be started now, the next segment will contain this state.
    if (!this.#last.append(record)) this.#startSegment();
  }

  /** Omits the states of a removed metric from future segments. */
  forgetMetric(metric: number): void {
    if (this.#removals.some(({ record }) => record.metric === metric)) return;
    this.#states.delete(`metric ${metric}`);
    this.#states.delete(`visible ${metric}`);
  }

  /**
   * Allocates `count` adjacent zeroed cells and publishes the record that describes them.
   *
   * `describe` receives the index of the first cell in its segment. Returns undefined if the system has no memory left
   * for another segment. In that case, the caller can't record its values and must count them as lost.
   */
  allocate(count: number, describe: (cell: number) => CellRecord): CellSlice | undefined {
    if (!this.#publishRemovals()) return undefined;
    const slice = this.#reuse(count, describe) ?? this.#last.allocate(count, describe);
    if (slice !== undefined) return slice;
    return this.#startSegment() ? this.#last.allocate(count, describe) : undefined;
  }

  /** Allocates adjacent zeroed cells that no record describes. Returns undefined if there is no memory. */
  allocateUnrecorded(count: number): CellSlice | undefined {
    const freed = this.#free.take(count);
    if (freed !== undefined) {
      freed.page.fill(0, freed.offset, freed.offset + count);
      return freed;
    }
    const slice = this.#last.allocateUnrecorded(count);
    if (slice !== undefined) return slice;
    return this.#startSegment() ? this.#last.allocateUnrecorded(count) : undefined;
  }

  /**
   * Publishes that a series is removed. Its cells keep their values until they are reused. Cells outside this chain are
   * ignored.
   */
  removeSeries(metric: number, { page, offset }: CellSlice, count: number): void {
    const slice = { page, offset };
    const { segment, cell } = this.placeOf(slice);
    if (segment < 0) return;
    this.#removals.push({ record: { type: 'removed', metric, segment, cell }, slice, count });
    this.#publishRemovals();
  }

  /** Makes cells available for reuse. The caller must no longer use them. Cells of earlier segments are ignored. */
  free(slice: CellSlice, count: number): void {
    if (slice.page.buffer === this.#last.buffer) this.#free.add(count, slice);
  }

  /** Returns the position of a slice in this chain. The segment is -1 if the slice is in no segment. */
  placeOf(slice: CellSlice): SlicePlace {
    const segment = this.#segments.findLastIndex(({ buffer }) => buffer === slice.page.buffer);
    return { segment, cell: cellIndex(slice) };
  }

  get #last(): Segment {
    return this.#segments.at(-1)!;
  }

  /** Writes the removals to the log, before the records of new series. Returns false if there is no memory for them. */
  #publishRemovals(): boolean {
    for (let [removal] = this.#removals; removal !== undefined; [removal] = this.#removals) {
      const { record, slice, count } = removal;
      if (!this.#last.append(record) && !(this.#startSegment() && this.#last.append(record))) return false;
      this.#removals.shift();
      this.free(slice, count);
    }
    return true;
  }

  #reuse(count: number, describe: (cell: number) => CellRecord): CellSlice | undefined {
    const slice = this.#free.take(count);
    if (slice === undefined) return undefined;
    slice.page.fill(0, slice.offset, slice.offset + count);
    slice.page[WRITES_CELL]! += 1;
    return this.#last.append(describe(cellIndex(slice))) ? slice : undefined;
  }

  #startSegment(): boolean {
    if (performance.now() < this.#retryAfter) return false;
    const segment = this.#reserve();
    if (segment === undefined || !this.#writeStates(segment)) {
      this.#retryAfter = performance.now() + RETRY_MILLISECONDS;
      return false;
    }
    this.#segments.push(segment);
    this.#free.clear();
    for (const listener of this.#listeners) listener(segment, this.#segments.length - 1);
    return true;
  }

  #reserve(): Segment | undefined {
    const max = this.#maxSegmentBytes;
    for (const bytes of [max, ...SMALLER_SEGMENTS.filter((smaller) => smaller < max)]) {
      try {
        return new Segment(bytes);
      } catch {
        // The address space is limited. A smaller reservation may be available.
      }
    }
    return undefined;
  }

  /** Writes the states. Returns false if there is no memory for them. */
  #writeStates(segment: Segment): boolean {
    return [...this.#states.values()].every((state) => segment.append(state satisfies SegmentRecord));
  }
}

/** Returns the key of a state. A later state with the same key replaces it. */
function keyOf(record: StateRecord): string {
  if (record.type === 'problem') return `problem ${record.message}`;
  if (record.type === 'guest') return `guest ${record.memory} ${record.metric}`;
  return 'metric' in record ? `${record.type} ${record.metric}` : record.type;
}
