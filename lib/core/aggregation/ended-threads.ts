import type { StoredExemplar } from '../metrics/exemplar-slots.js';
import { SegmentWriter } from '../metrics/segment-writer.js';
import { cellsPerSeries, exemplarsPerSeries } from '../metrics/series.js';
import type { GatheredSeries } from './gathered-series.js';
import { Gatherer } from './gatherer.js';

/** What the threads that have ended left behind: their counts, added up, and their latest exemplars. */
export class EndedThreads {
  readonly #gatherer = new Gatherer({ isLed: false });

  /** Reads the segment of a thread that has ended, once and for the last time. */
  keep(thread: number, buffer: SharedArrayBuffer): void {
    this.#gatherer.add(thread, buffer);
    this.#gatherer.retire(thread);
  }

  /**
   * A copy of everything kept so far, as the segment of one more thread; undefined when there is nothing.
   *
   * Counts of one metric that was declared in several ways are in it as that many metrics.
   */
  copy(): SharedArrayBuffer | undefined {
    const families = this.#gatherer.families().filter(({ isEmpty }) => !isEmpty);
    if (families.length === 0) return undefined;
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
    return writer.segment.buffer;
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
