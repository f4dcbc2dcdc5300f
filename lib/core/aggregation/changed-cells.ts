import { FIRST_SERIES_CELL, WRITES_CELL } from '../metrics/cells.js';
import { CELLS_PER_PAGE } from '../metrics/segment.js';
import type { SegmentReader } from '../metrics/segment-reader.js';

/** A page and its copy at the last comparison. */
interface WatchedPage {
  readonly number: number;
  readonly cells: Float64Array;
  readonly copy: Float64Array;
  writes: number;
  /** Whether the write count of the page had increased at the last call of `findChanges`. */
  isRecent: boolean;
}

/**
 * Finds the cells of a segment that have changed since the last call of `findChanges`.
 *
 * Only written pages are compared with their copies. A written page is compared again at the next call. The reason: if
 * another thread writes, its increased write count can become visible before the values.
 */
export class ChangedCells {
  readonly #pages = new Map<number, WatchedPage>();
  #comparedPages = 0;

  constructor(private readonly reader: SegmentReader) {}

  /** The total number of compared pages. */
  get comparedPages(): number {
    return this.#comparedPages;
  }

  /**
   * Starts to watch the page of a cell. The copy of the page starts with zeros. So the first comparison reports each
   * cell that is not zero.
   */
  watch(cell: number): void {
    const number = Math.floor(cell / CELLS_PER_PAGE);
    if (this.#pages.has(number)) return;
    const { page: cells } = this.reader.slice(cell);
    const copy = new Float64Array(CELLS_PER_PAGE);
    this.#pages.set(number, { number, cells, copy, writes: 0, isRecent: false });
  }

  /** Calls `onChange` with the index of each changed cell in the segment. */
  findChanges(onChange: (cell: number) => void): void {
    for (const page of this.#pages.values()) {
      const writes = page.cells[WRITES_CELL]!;
      const isWritten = writes !== page.writes;
      if (isWritten || page.isRecent) this.#compare(page, onChange);
      page.writes = writes;
      page.isRecent = isWritten;
    }
  }

  #compare({ number, cells, copy }: WatchedPage, onChange: (cell: number) => void): void {
    this.#comparedPages++;
    for (let index = FIRST_SERIES_CELL; index < CELLS_PER_PAGE; index++) {
      const value = cells[index]!;
      if (value === copy[index] || Object.is(value, copy[index])) continue;
      copy[index] = value;
      onChange(number * CELLS_PER_PAGE + index);
    }
  }
}
