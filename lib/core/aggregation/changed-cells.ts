import { FIRST_SERIES_CELL, WRITES_CELL } from '../metrics/cells.js';
import { CELLS_PER_PAGE } from '../metrics/segment.js';
import type { SegmentReader } from '../metrics/segment-reader.js';

/** A page as it was at the last look. */
interface SeenPage {
  readonly number: number;
  readonly cells: Float64Array;
  readonly copy: Float64Array;
  writes: number;
  /** Whether the page had been written to at the last look. */
  isRecent: boolean;
}

/**
 * Finds the cells of a segment that have changed since the last look.
 *
 * Only pages that were written to are compared with their copies. A written page is compared at the next look once more:
 * the writer is another thread, and the order in which its writes become visible is not guaranteed.
 */
export class ChangedCells {
  readonly #pages = new Map<number, SeenPage>();
  #comparedPages = 0;

  constructor(private readonly reader: SegmentReader) {}

  /** How many pages all looks so far have compared. */
  get comparedPages(): number {
    return this.#comparedPages;
  }

  /** Looks at the page of a cell from now on. All its cells count as zero so far. */
  watch(cell: number): void {
    const number = Math.floor(cell / CELLS_PER_PAGE);
    if (this.#pages.has(number)) return;
    const { page: cells } = this.reader.slice(cell);
    const copy = new Float64Array(CELLS_PER_PAGE);
    this.#pages.set(number, { number, cells, copy, writes: 0, isRecent: false });
  }

  /** Calls back with the index of each cell that has changed, counted from the start of the segment. */
  look(onChange: (cell: number) => void): void {
    for (const page of this.#pages.values()) {
      const writes = page.cells[WRITES_CELL]!;
      const isWritten = writes !== page.writes;
      if (isWritten || page.isRecent) this.#compare(page, onChange);
      page.writes = writes;
      page.isRecent = isWritten;
    }
  }

  #compare({ number, cells, copy }: SeenPage, onChange: (cell: number) => void): void {
    this.#comparedPages++;
    for (let index = FIRST_SERIES_CELL; index < CELLS_PER_PAGE; index++) {
      const value = cells[index]!;
      if (value === copy[index] || Object.is(value, copy[index])) continue;
      copy[index] = value;
      onChange(number * CELLS_PER_PAGE + index);
    }
  }
}
