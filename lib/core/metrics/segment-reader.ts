import type { CellSlice } from './cells.js';
import { cellAt, OFFSET_BITS, OFFSET_MASK, type PageViews, segmentAt, viewsOf } from './native/chunk-layout.js';
import { CELLS_PER_PAGE, FIRST_LOG_PAGE, LOG_HEADER, PAGE_BYTES, RECORD_SIZE_BYTES } from './segment.js';
import { decodeJsonRecord, type JsonRecord } from './segment-record.js';
import { LoggedSeries } from './series-record.js';

/** Reads a segment of this thread or of another thread. */
export class SegmentReader {
  readonly #cellPages: (Float64Array | undefined)[] = [];
  readonly #logPages: (Buffer | undefined)[] = [];
  readonly #views: (PageViews | undefined)[] = [];
  #page = FIRST_LOG_PAGE;
  #offset: number = LOG_HEADER.bytes;

  /** `siblings` returns the readers of the other segments of the same chain, by their index. */
  constructor(
    readonly buffer: SharedArrayBuffer,
    private readonly siblings: (index: number) => SegmentReader | undefined = () => undefined,
  ) {}

  /** Returns the records that were added since the last call. */
  *newRecords(): Generator<JsonRecord | LoggedSeries> {
    for (;;) {
      const header = new Int32Array(this.buffer, this.#page * PAGE_BYTES, 2);
      // If there is a next page, this one is complete. Check this before reading how many bytes are written.
      const nextPage = Atomics.load(header, LOG_HEADER.nextPage);
      yield* this.#recordsUpTo(Atomics.load(header, LOG_HEADER.written));
      if (nextPage === 0) return;
      this.#page = nextPage;
      this.#offset = LOG_HEADER.bytes;
    }
  }

  *#recordsUpTo(written: number): Generator<JsonRecord | LoggedSeries> {
    const bytes = this.#logPage(this.#page);
    while (this.#offset < written) {
      const start = this.#offset + RECORD_SIZE_BYTES;
      this.#offset = start + bytes.readUInt16LE(this.#offset);
      yield decodeJsonRecord(bytes, start, this.#offset) ?? new LoggedSeries(bytes, start, this.#offset);
    }
  }

  /** Returns the series whose record is at this position of the segment. */
  seriesAt(position: number): LoggedSeries {
    const bytes = this.#logPage(Math.floor(position / PAGE_BYTES));
    const start = position % PAGE_BYTES;
    return new LoggedSeries(bytes, start, start + bytes.readUInt16LE(start - RECORD_SIZE_BYTES));
  }

  /** Returns the cells that begin with this cell of the segment. */
  slice(cell: number): CellSlice {
    const number = Math.floor(cell / CELLS_PER_PAGE);
    this.#cellPages[number] ??= new Float64Array(this.buffer, number * PAGE_BYTES, CELLS_PER_PAGE);
    return { page: this.#cellPages[number], offset: cell % CELLS_PER_PAGE };
  }

  /** Returns the page to which a pointer in this chain refers, or `undefined` if its segment or page is unknown. */
  resolve(pointer: number): PageViews | undefined {
    const [segment, cell] = [this.siblings(segmentAt(pointer)), cellAt(pointer)];
    const isKnown =
      segment !== undefined && (cell | OFFSET_MASK) * Float64Array.BYTES_PER_ELEMENT < segment.buffer.byteLength;
    return isKnown ? segment.views(cell) : undefined;
  }

  /** Returns the page that contains a cell of the segment, as words of different sizes. */
  views(cell: number): PageViews {
    const number = cell >>> OFFSET_BITS;
    this.#views[number] ??= viewsOf(this.slice(cell).page);
    return this.#views[number];
  }

  #logPage(number: number): Buffer {
    this.#logPages[number] ??= Buffer.from(this.buffer, number * PAGE_BYTES, PAGE_BYTES);
    return this.#logPages[number];
  }
}
