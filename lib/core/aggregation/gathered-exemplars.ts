import type { Exemplar } from '../formats/family.js';
import { ExemplarSlots } from '../metrics/exemplar-slots.js';
import { LabelledExemplarSlot } from '../metrics/labelled-exemplar.js';
import type { SegmentReader } from '../metrics/segment-reader.js';
import type { ExemplarsRecord, LabelledExemplarRecord } from '../metrics/segment-record.js';

/** The exemplars of a series in one segment. */
interface SegmentExemplars {
  traces: ExemplarSlots | undefined;
  readonly labelled: Map<number, LabelledExemplarSlot>;
}

/** The exemplars of a series in one or more segments. `count` is the maximum number of exemplars. */
export class GatheredExemplars {
  readonly #segments = new Map<SegmentReader, SegmentExemplars>();
  /** The latest exemplars of removed segments. */
  readonly #retired: (Exemplar | undefined)[] = [];

  constructor(private readonly count: number) {}

  /** Adds memory for exemplars. `segment` contains this memory, and `seriesSegment` contains the series. */
  add(
    record: ExemplarsRecord | LabelledExemplarRecord,
    segment: SegmentReader,
    seriesSegment: SegmentReader = segment,
  ): void {
    const exemplars = this.#segments.get(seriesSegment) ?? { traces: undefined, labelled: new Map() };
    this.#segments.set(seriesSegment, exemplars);
    const slice = segment.slice(record.cell);
    if (record.type === 'exemplar') exemplars.labelled.set(record.index, new LabelledExemplarSlot(slice));
    else exemplars.traces = new ExemplarSlots(slice, this.count);
  }

  /** Removes the exemplars of a series that was removed from a segment. */
  remove(seriesSegment: SegmentReader): void {
    this.#segments.delete(seriesSegment);
  }

  /** Removes a segment. Copies of its exemplars are kept, so its memory can be released. */
  retire(seriesSegment: SegmentReader): void {
    const exemplars = this.#segments.get(seriesSegment);
    if (exemplars === undefined) return;
    this.#segments.delete(seriesSegment);
    for (let index = 0; index < this.count; index++) {
      this.#retired[index] = later(this.#retired[index], read(exemplars, index));
    }
  }

  /** The latest exemplar of all segments. */
  latest(index: number): Exemplar | undefined {
    let latest = this.#retired[index];
    for (const exemplars of this.#segments.values()) latest = later(latest, read(exemplars, index));
    return latest;
  }
}

function read({ traces, labelled }: SegmentExemplars, index: number): Exemplar | undefined {
  const stored = traces?.read(index);
  const trace = stored && {
    labels: { trace_id: stored.traceId, span_id: stored.spanId },
    value: stored.value,
    timestampSeconds: stored.timestampSeconds,
  };
  return later(trace, labelled.get(index)?.read());
}

function later(one: Exemplar | undefined, other: Exemplar | undefined): Exemplar | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.timestampSeconds >= one.timestampSeconds ? other : one;
}
