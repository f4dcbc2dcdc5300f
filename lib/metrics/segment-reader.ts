import type { CellSlice } from './cells.js';
import { CELLS_PER_PAGE, FIRST_LOG_PAGE, LOG_HEADER, PAGE_BYTES } from './segment.js';
import { decodeRecord, type SegmentRecord } from './segment-record.js';

const decoder = new TextDecoder();

/** Reads another thread's segment, or this one's. */
export class SegmentReader {
  readonly #pages: (Float64Array | undefined)[] = [];
  #page = FIRST_LOG_PAGE;
  #position: number = LOG_HEADER.bytes;

  constructor(readonly buffer: SharedArrayBuffer) {}

  /** The records that have come since the last call. */
  *newRecords(): Generator<SegmentRecord> {
    for (;;) {
      const header = new Int32Array(this.buffer, this.#page * PAGE_BYTES, 2);
      // Once there is a next page, this one is complete: look for it before looking how far this one is written.
      const nextPage = Atomics.load(header, LOG_HEADER.nextPage);
      yield* this.#recordsUpTo(Atomics.load(header, LOG_HEADER.written));
      if (nextPage === 0) return;
      this.#page = nextPage;
      this.#position = LOG_HEADER.bytes;
    }
  }

  *#recordsUpTo(end: number): Generator<SegmentRecord> {
    const view = new DataView(this.buffer, this.#page * PAGE_BYTES, PAGE_BYTES);
    while (this.#position < end) {
      const length = view.getUint32(this.#position);
      const start = this.#position + Uint32Array.BYTES_PER_ELEMENT;
      // A decoder does not take shared memory: the bytes are copied out first.
      const bytes = new Uint8Array(this.buffer, this.#page * PAGE_BYTES + start, length).slice();
      this.#position = start + length;
      yield decodeRecord(decoder.decode(bytes));
    }
  }

  /** The cells that begin with this one of the segment. */
  slice(cell: number): CellSlice {
    const number = Math.floor(cell / CELLS_PER_PAGE);
    this.#pages[number] ??= new Float64Array(this.buffer, number * PAGE_BYTES, CELLS_PER_PAGE);
    return { page: this.#pages[number], offset: cell % CELLS_PER_PAGE };
  }
}
