import { bucketOf } from './bucket-of.js';
import type { CellSlice } from './cells.js';
import { CELLS_PER_EXEMPLAR, ExemplarSlots } from './exemplar-slots.js';
import type { SlicePlace } from './segment-chain.js';
import type { CellRecord } from './segment-record.js';
import { exemplarsPerSeries, type Series } from './series.js';
import type { ActiveTrace } from './trace-context.js';

/** Where exemplars are kept. */
export interface ExemplarHost {
  allocate(count: number, describe: (cell: number) => CellRecord): CellSlice | undefined;
  placeOf(slice: CellSlice): SlicePlace;
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
    const { segment, cell: first } = this.host.placeOf(series);
    const slice = this.host.allocate(count * CELLS_PER_EXEMPLAR, (cell) => ({
      type: 'exemplars',
      metric: this.metric,
      cell,
      segment,
      series: first,
    }));
    if (slice === undefined) return undefined;
    const slots = new ExemplarSlots(slice, count);
    this.#slots.set(series, slots);
    return slots;
  }
}
