import type { CellSlice } from './cells.js';

/** Cells of a removed series or of its exemplars. */
interface FreedCells {
  readonly slice: CellSlice;
  /** When the cells were freed, in milliseconds of `performance.now()`. */
  readonly since: number;
}

/** A list from which only the first element is removed. */
interface Queue {
  readonly cells: FreedCells[];
  first: number;
}

/**
 * The cells of removed series and of their exemplars, by their count, oldest first.
 *
 * A scrape reads the log first and the values later. So cells are reused only after a delay. The delay must be longer
 * than a scrape, so that all scrapes that read the log before the removal have ended.
 */
export class FreeCells {
  readonly #queues = new Map<number, Queue>();

  /** @param delayMilliseconds Minimum time before freed cells are reused. */
  constructor(private readonly delayMilliseconds: number) {}

  /** Adds cells that are no longer used from now on. */
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
