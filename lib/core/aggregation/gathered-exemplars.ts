import type { Exemplar } from '../formats/family.js';
import type { ExemplarSlots, StoredExemplar } from '../metrics/exemplar-slots.js';
import type { SegmentReader } from '../metrics/segment-reader.js';

/** The exemplars of a series of one or more segments. */
export class GatheredExemplars {
  readonly #slots = new Map<SegmentReader, ExemplarSlots>();
  /** What the segments left that are no longer there. */
  readonly #left: (StoredExemplar | undefined)[] = [];

  /** Adds what a segment has. */
  add(segment: SegmentReader, slots: ExemplarSlots): void {
    this.#slots.set(segment, slots);
  }

  /** Takes a segment away; its exemplars stay, but not its memory. */
  retire(segment: SegmentReader): void {
    const slots = this.#slots.get(segment);
    if (slots === undefined) return;
    this.#slots.delete(segment);
    for (let index = 0; index < slots.count; index++) {
      this.#left[index] = later(this.#left[index], slots.read(index));
    }
  }

  /** The latest that any segment has. */
  latest(index: number): Exemplar | undefined {
    let latest = this.#left[index];
    for (const slots of this.#slots.values()) latest = later(latest, slots.read(index));
    if (latest === undefined) return undefined;
    const { value, timestampSeconds, traceId, spanId } = latest;
    return { labels: { trace_id: traceId, span_id: spanId }, value, timestampSeconds };
  }
}

function later(one: StoredExemplar | undefined, other: StoredExemplar | undefined): StoredExemplar | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.timestampSeconds >= one.timestampSeconds ? other : one;
}
