import type { Exemplar } from '../formats/family.js';
import type { ExemplarSlots, StoredExemplar } from '../metrics/exemplar-slots.js';
import type { SegmentReader } from '../metrics/segment-reader.js';

/** The exemplars of a series in one or more segments. */
export class GatheredExemplars {
  readonly #slots = new Map<SegmentReader, ExemplarSlots>();
  /** The latest exemplars of removed segments. */
  readonly #retired: (StoredExemplar | undefined)[] = [];

  /** Adds the exemplars of a segment. */
  add(segment: SegmentReader, slots: ExemplarSlots): void {
    this.#slots.set(segment, slots);
  }

  /** Removes a segment. Copies of its exemplars are kept, so its memory can be released. */
  retire(segment: SegmentReader): void {
    const slots = this.#slots.get(segment);
    if (slots === undefined) return;
    this.#slots.delete(segment);
    for (let index = 0; index < slots.count; index++) {
      this.#retired[index] = later(this.#retired[index], slots.read(index));
    }
  }

  /** The latest exemplar of all segments. */
  latest(index: number): Exemplar | undefined {
    let latest = this.#retired[index];
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
