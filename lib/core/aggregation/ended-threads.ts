import { SegmentWriter } from '../metrics/segment-writer.js';
import { exemplarsPerSeries, valuesPerSeries } from '../metrics/series.js';
import { Gatherer } from './gatherer.js';

/** The summed counts of ended threads, and their latest exemplars. */
export class EndedThreads {
  readonly #gatherer = new Gatherer({ hasLeader: false });

  /**
   * Adds the counts of an ended thread. `buffers` contains its segments by index.
   *
   * Add each segment only once. If a segment arrives late, add it with another call.
   */
  add(thread: number, buffers: ReadonlyMap<number, SharedArrayBuffer>): void {
    for (const [index, buffer] of buffers) this.#gatherer.add(thread, buffer, index);
    this.#gatherer.retire(thread);
  }

  /**
   * Returns a copy of all counts in the form of segments of one thread; empty if there are no counts.
   *
   * If threads declared a metric differently, the copy contains one metric per declaration.
   */
  copy(): readonly SharedArrayBuffer[] {
    const families = this.#gatherer.families().filter(({ isEmpty }) => !isEmpty);
    if (families.length === 0) return [];
    const writer = new SegmentWriter();
    for (const { descriptor, series } of families) {
      const cells = numbersTo(valuesPerSeries(descriptor));
      const exemplars = numbersTo(exemplarsPerSeries(descriptor));
      for (const one of series) {
        writer.write(descriptor, {
          labelValues: one.labelValues,
          createdSeconds: one.createdSeconds,
          cells: cells.map((index) => one.cell(index)),
          exemplars: exemplars.map((index) => one.exemplar(index)),
          native: one.native(),
        });
      }
    }
    return writer.memory.segments.map(({ buffer }) => buffer);
  }
}

function numbersTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
