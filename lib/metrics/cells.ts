/** 64 KiB of doubles: a page is shared whole with the threads that read it. */
const CELLS_PER_PAGE = 8_192;

/** A run of cells on one page: the storage of one series. */
export interface CellSlice {
  /** Doubles over shared memory, readable by other threads while this one writes. */
  readonly page: Float64Array;
  /** Index of the slice's first cell on its page. */
  readonly offset: number;
}

/** Hands out runs of zeroed cells from shared-memory pages; what is handed out is never taken back. */
export class CellAllocator {
  #page: Float64Array = new Float64Array(0);
  #used = 0;

  /** Takes `count` adjacent cells, 1 to 8,192, all zero. */
  allocate(count: number): CellSlice {
    if (this.#used + count > this.#page.length) {
      this.#page = new Float64Array(new SharedArrayBuffer(CELLS_PER_PAGE * Float64Array.BYTES_PER_ELEMENT));
      this.#used = 0;
    }
    const slice = { page: this.#page, offset: this.#used };
    this.#used += count;
    return slice;
  }
}
