/** A run of cells on one page: the storage of one series. */
export interface CellSlice {
  /** Doubles over shared memory, readable by other threads while this one writes. */
  readonly page: Float64Array;
  /** Index of the slice's first cell on its page. */
  readonly offset: number;
}

/** The first cell of a page counts the writes to the others, so that readers can skip unchanged pages. */
export const WRITES_CELL = 0;
/** The first cell of a page that belongs to a series. */
export const FIRST_SERIES_CELL = 1;

/** The nearest finite number to the sum of finite numbers, so that a total never becomes infinite and then NaN. */
export function saturated(sum: number): number {
  if (sum > Number.MAX_VALUE) return Number.MAX_VALUE;
  if (sum < -Number.MAX_VALUE) return -Number.MAX_VALUE;
  return sum;
}

/** Hands out runs of zeroed cells from pages; what is handed out is never taken back. */
export class CellAllocator {
  #page: Float64Array = new Float64Array(0);
  #used = 0;

  /**
   * `newPage` gives another page of zeroed cells, or undefined when there is no more room.
   *
   * @param firstCell The index of the first cell of a page that can be taken.
   */
  constructor(
    private readonly newPage: () => Float64Array | undefined,
    private readonly firstCell = 0,
  ) {}

  /** Takes `count` adjacent cells, all zero and at most as many as a page has; undefined when there is no room. */
  allocate(count: number): CellSlice | undefined {
    if (this.#used + count > this.#page.length) {
      const page = this.newPage();
      if (page === undefined) return undefined;
      this.#page = page;
      this.#used = this.firstCell;
    }
    const slice = { page: this.#page, offset: this.#used };
    this.#used += count;
    return slice;
  }
}

/**
 * Adds to a cell of a slice, counted from its first, that several threads write.
 *
 * Atomics know no doubles: the cell is exchanged as the 64-bit integer of the same bits, again until no other thread
 * was between reading and writing. A cell of one writer is added to without this, and faster.
 */
export function addAtomically(slice: CellSlice, index: number, amount: number): void {
  addToCell(slice.page, slice.offset + index, amount);
  addToCell(slice.page, WRITES_CELL, 1);
}

function addToCell(page: Float64Array, index: number, amount: number): void {
  const start = page.byteOffset + index * Float64Array.BYTES_PER_ELEMENT;
  const bits = new BigInt64Array(page.buffer, start, 1);
  const sum = new Float64Array(1);
  const sumBits = new BigInt64Array(sum.buffer);
  let before: bigint;
  do {
    before = Atomics.load(bits, 0);
    sumBits[0] = before;
    sum[0]! += amount;
  } while (Atomics.compareExchange(bits, 0, before, sumBits[0]) !== before);
}
