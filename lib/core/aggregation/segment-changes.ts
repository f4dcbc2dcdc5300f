import type { SegmentReader } from '../metrics/segment-reader.js';
import { cellsPerSeries } from '../metrics/series.js';
import { ChangedCells } from './changed-cells.js';
import type { GatheredFamily } from './gathered-family.js';

/** Called with the first cell of a changed series. Without a cell, all series of the family have changed. */
export type OnChangedSeries = (family: GatheredFamily, cell?: number) => void;

/** Finds the series of a segment that have changed since the last call of `findChanges`. */
export class SegmentChanges {
  readonly #cells: ChangedCells;
  /** The first cell of each series, ascending, and its family. */
  readonly #starts: number[] = [];
  readonly #families: GatheredFamily[] = [];
  /** The cells with reset times, and their families. */
  readonly #resets = new Map<number, GatheredFamily>();

  constructor(reader: SegmentReader) {
    this.#cells = new ChangedCells(reader);
  }

  /** The total number of compared pages. */
  get comparedPages(): number {
    return this.#cells.comparedPages;
  }

  /** The families with series in the segment. */
  get families(): ReadonlySet<GatheredFamily> {
    return new Set(this.#families);
  }

  /**
   * Adds a series. Usually its cells are after those of all other series.
   *
   * Freed cells are only reused as a whole: the new series has the same first cell and the same number of cells as the
   * removed series or exemplar. So series never overlap.
   */
  addSeries(family: GatheredFamily, cell: number): void {
    const index = this.#indexAt(cell);
    if (this.#starts[index] === cell) {
      this.#families[index] = family;
      return;
    }
    this.#starts.splice(index + 1, 0, cell);
    this.#families.splice(index + 1, 0, family);
    this.#cells.watch(cell);
  }

  addReset(family: GatheredFamily, cell: number): void {
    this.#resets.set(cell, family);
    this.#cells.watch(cell);
  }

  findChanges(onChange: OnChangedSeries): void {
    this.#cells.findChanges((cell) => {
      const reset = this.#resets.get(cell);
      if (reset !== undefined) onChange(reset);
      const index = this.#indexAt(cell);
      const [start, family] = [this.#starts[index], this.#families[index]];
      // All other cells belong to exemplars.
      if (start !== undefined && family !== undefined && cell < start + cellsPerSeries(family.descriptor)) {
        onChange(family, start);
      }
    });
  }

  /** The index of the last series that starts at or before a cell; -1 if there is none. */
  #indexAt(cell: number): number {
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! <= cell) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
