import type { CellSlice } from './cells.js';

/** Cells of a removed series. */
interface FreedCells {
  readonly slice: CellSlice;
  /** When the series was removed, in milliseconds of `performance.now()`. */
  readonly since: number;
}

/** A list from which only the first element is removed. */
interface Queue {
  readonly cells: FreedCells[];
  first: number;
}

/**
 * The cells of removed series, by their count, oldest first.
 *
 * A scrape reads the log first and the values later. So cells are reused only after a delay in which every scrape that
 * read the log before the removal has ended.
 */
export class FreeCells {
  readonly #queues = new Map<number, Queue>();

  /** @param delayMilliseconds Time from the removal of a series to the reuse of its cells. */
  constructor(private readonly delayMilliseconds: number) {}

  /** Adds the cells of a series that is removed now. */
  add(count: number, { page, offset }: CellSlice): void {
    const queue = this.#queues.get(count) ?? { cells: [], first: 0 };
    this.#queues.set(count, queue);
    queue.cells.push({ slice: { page, offset }, since: performance.now() });
  }

  /** Removes and returns `count` adjacent cells, or undefined if none can be reused yet. */
  take(count: number): CellSlice | undefined {
    const queue = this.#queues.get(count);
    const freed = queue?.cells[queue.first];
    if (queue === undefined || freed === undefined || performance.now() - freed.since < this.delayMilliseconds) {
      return undefined;
    }
    queue.first++;
    if (queue.first * 2 >= queue.cells.length) {
      queue.cells.splice(0, queue.first);
      queue.first = 0;
    }
    return freed.slice;
  }

  /** Forgets all cells, so that they are never reused. */
  clear(): void {
    this.#queues.clear();
  }
}
