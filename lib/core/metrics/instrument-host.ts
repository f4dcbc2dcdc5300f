import type { ExemplarHost } from './exemplar-store.js';
import type { ChunkMemory } from './native/chunk-memory.js';
import type { StateRecord } from './segment-record.js';

/** The services that an instrument needs from its meter. */
export interface InstrumentHost extends ExemplarHost {
  /** Publishes a state to readers of the shared memory. */
  publish(record: StateRecord): void;
  /** Maximum number of label sets of an instrument. Read for each new label set. */
  readonly maxSeriesPerMetric: number;
  /** Called each time a label set gets no series of its own, because of the limit or because there is no memory. */
  overflowed(metric: string): void;
  /** The memory for native histograms. */
  readonly chunkMemory: ChunkMemory;
  /** Called before series are read. */
  beforeRead(): void;
  /** The values of the additional labels at this place of the application. */
  additionalLabelValues(): readonly string[];
}
