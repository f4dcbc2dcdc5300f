/** A run of cells on one page: the storage of one series. */
export interface CellSlice {
  /** Doubles over shared memory, readable by other threads while this one writes. */
  readonly page: Float64Array;
  /** Index of the slice's first cell on its page. */
  readonly offset: number;
}

/** Hands out runs of zeroed cells from pages; what is handed out is never taken back. */
export class CellAllocator {
  #page: Float64Array = new Float64Array(0);
  #used = 0;

  /** `newPage` gives another page of zeroed cells, or undefined when there is no more room. */
  constructor(private readonly newPage: () => Float64Array | undefined) {}

  /** Takes `count` adjacent cells, all zero and at most as many as a page has; undefined when there is no room. */
  allocate(count: number): CellSlice | undefined {
    if (this.#used + count > this.#page.length) {
      const page = this.newPage();
      if (page === undefined) return undefined;
      this.#page = page;
      this.#used = 0;
    }
    const slice = { page: this.#page, offset: this.#used };
    this.#used += count;
    return slice;
  }
}
