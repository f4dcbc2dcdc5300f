import { bucketOf } from './bucket-of.js';
import type { CellAllocator, CellSlice } from './cells.js';
import { CELLS_PER_EXEMPLAR, ExemplarSlots } from './exemplar-slots.js';
import type { SegmentRecord } from './segment-record.js';
import { exemplarsPerSeries, type Series } from './series.js';
import type { ActiveTrace } from './trace-context.js';

/** Where exemplars are kept. */
export interface ExemplarHost {
  readonly cells: CellAllocator;
  publish(record: SegmentRecord): void;
  cellIndex(slice: CellSlice): number;
}

/** The exemplars of a metric; a series takes room for them when its first is stored. */
export class ExemplarStore {
  readonly #slots = new Map<Series, ExemplarSlots>();

  /** `metric` is the metric's number with its host. */
  constructor(
    private readonly host: ExemplarHost,
    private readonly metric: number,
  ) {}

  /** Keeps the trace in which a value was recorded, in the place of the last one of a counter, or of the bucket. */
  store(series: Series, value: number, { traceId, spanId }: ActiveTrace): void {
    // Without room the value is counted all the same.
    const slots = this.#slots.get(series) ?? this.#allocate(series);
    slots?.store(bucketOf(series.descriptor.buckets, value), {
      value,
      timestampSeconds: Date.now() / 1_000,
      traceId,
      spanId,
    });
  }

  /** Forgets every exemplar. */
  clear(): void {
    for (const slots of this.#slots.values()) slots.clear();
  }

  #allocate(series: Series): ExemplarSlots | undefined {
    const count = exemplarsPerSeries(series.descriptor);
    const slice = this.host.cells.allocate(count * CELLS_PER_EXEMPLAR);
    if (slice === undefined) return undefined;
    const slots = new ExemplarSlots(slice, count);
    this.#slots.set(series, slots);
    this.host.publish({
      type: 'exemplars',
      metric: this.metric,
      cell: this.host.cellIndex(slice),
      series: this.host.cellIndex(series),
    });
    return slots;
  }
}
