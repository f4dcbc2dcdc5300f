/** Adjacent cells on one page: the storage of one series. */
export interface CellSlice {
  /** Doubles in shared memory. Other threads can read them while this thread writes. */
  readonly page: Float64Array;
  /** Index of the slice's first cell on its page. */
  readonly offset: number;
}

/** The first cell of a page counts the writes to the other cells, so that readers can skip unchanged pages. */
export const WRITES_CELL = 0;
/** Index of the first cell of a page that can belong to a series. */
export const FIRST_SERIES_CELL = 1;

/** Creates zeroed cells that no reader sees. */
export function privateCells(count: number): CellSlice {
  return { page: new Float64Array(FIRST_SERIES_CELL + count), offset: FIRST_SERIES_CELL };
}

/** Limits a sum to the finite numbers, so that a total never becomes infinite and then NaN. */
export function saturated(sum: number): number {
  if (sum > Number.MAX_VALUE) return Number.MAX_VALUE;
  if (sum < -Number.MAX_VALUE) return -Number.MAX_VALUE;
  return sum;
}

/** Allocates adjacent zeroed cells from pages. Allocated cells are never freed. */
export class CellAllocator {
  #page: Float64Array = new Float64Array(0);
  #used = 0;

  /**
   * `newPage` returns another page of zeroed cells, or undefined if there is no more room.
   *
   * @param firstCell Index of the first cell of a page that can be allocated.
   */
  constructor(
    private readonly newPage: () => Float64Array | undefined,
    private readonly firstCell = 0,
  ) {}

  /** Allocates `count` adjacent zeroed cells, at most as many as a page has. Returns undefined if there is no room. */
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
 * Adds to a cell that several threads write. `index` is relative to the first cell of the slice.
 *
 * Atomics don't support doubles, so the cell is read and exchanged as a 64-bit integer with the same bits. This is
 * repeated if another thread has written in between. Cells with a single writer don't need this and are faster.
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
