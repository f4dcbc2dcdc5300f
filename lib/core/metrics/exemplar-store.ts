import type { CellSlice } from './cells.js';
import { CELLS_PER_EXEMPLAR, ExemplarSlots } from './exemplar-slots.js';
import type { SlicePlace } from './segment-chain.js';
import type { CellRecord } from './segment-record.js';
import { exemplarIndex, exemplarsPerSeries, type Series } from './series.js';
import type { ActiveTrace } from './trace-context.js';

/** The storage of exemplars. */
export interface ExemplarHost {
  allocate(count: number, describe: (cell: number) => CellRecord): CellSlice | undefined;
  placeOf(slice: CellSlice): SlicePlace;
}

/** The exemplars of a metric. Memory for a series is allocated when its first exemplar is stored. */
export class ExemplarStore {
  readonly #slots = new Map<Series, ExemplarSlots>();

  /** `metric` is the metric's number at its host. */
  constructor(
    private readonly host: ExemplarHost,
    private readonly metric: number,
  ) {}

  /** Stores the trace in which a value was recorded. Replaces the last exemplar of the counter or bucket. */
  store(series: Series, value: number, { traceId, spanId }: ActiveTrace): void {
    // Without memory for the exemplar, the value still counts.
    const slots = this.#slots.get(series) ?? this.#allocate(series);
    slots?.store(exemplarIndex(series.descriptor, value), {
      value,
      timestampSeconds: Date.now() / 1_000,
      traceId,
      spanId,
    });
  }

  /** Removes all exemplars. */
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
