import type { StoredExemplar } from '../metrics/exemplar-slots.js';
import { SegmentWriter } from '../metrics/segment-writer.js';
import { cellsPerSeries, exemplarsPerSeries } from '../metrics/series.js';
import type { GatheredSeries } from './gathered-series.js';
import { Gatherer } from './gatherer.js';

/** What the threads that have ended left behind: their counts, added up, and their latest exemplars. */
export class EndedThreads {
  readonly #gatherer = new Gatherer({ isLed: false });

  /** Reads the segments of a thread that has ended, by their index, once and for the last time. */
  keep(thread: number, buffers: ReadonlyMap<number, SharedArrayBuffer>): void {
    for (const [index, buffer] of buffers) this.#gatherer.add(thread, buffer, index);
    this.#gatherer.retire(thread);
  }

  /**
   * A copy of everything kept so far, as the segments of one more thread; none when there is nothing.
   *
   * Counts of one metric that was declared in several ways are in it as that many metrics.
   */
  copy(): readonly SharedArrayBuffer[] {
    const families = this.#gatherer.families().filter(({ isEmpty }) => !isEmpty);
    if (families.length === 0) return [];
    const writer = new SegmentWriter();
    for (const { descriptor, series } of families) {
      const cells = numbersTo(cellsPerSeries(descriptor));
      const exemplars = numbersTo(exemplarsPerSeries(descriptor));
      for (const one of series) {
        writer.write(descriptor, {
          labelValues: one.labelValues,
          createdSeconds: one.createdSeconds,
          cells: cells.map((index) => one.cell(index)),
          exemplars: exemplars.map((index) => storedExemplar(one, index)),
        });
      }
    }
    return writer.memory.segments.map(({ buffer }) => buffer);
  }
}

function numbersTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function storedExemplar(series: GatheredSeries, index: number): StoredExemplar | undefined {
  const exemplar = series.exemplar(index);
  if (exemplar === undefined) return undefined;
  const { labels, value, timestampSeconds } = exemplar;
  return { traceId: labels.trace_id ?? '', spanId: labels.span_id ?? '', value, timestampSeconds };
}
