import { CellAllocator, type CellSlice, FIRST_SERIES_CELL } from './cells.js';
import { encodeRecord, type SegmentRecord } from './segment-record.js';

/** A page holds cells or a part of the log; 64 KiB. */
export const PAGE_BYTES = 65_536;
/** Cells on a page. */
export const CELLS_PER_PAGE = PAGE_BYTES / Float64Array.BYTES_PER_ELEMENT;
/** A log page begins with the number of the next one, 0 for none, and how many of its bytes are written. */
export const LOG_HEADER = { nextPage: 0, written: 1, bytes: 8 } as const;
/** The first log page is the segment's first page. */
export const FIRST_LOG_PAGE = 0;
/** Before each record stands how many bytes it has, little-endian. */
export const RECORD_SIZE_BYTES = Uint16Array.BYTES_PER_ELEMENT;
/** The longest record that fits on a page, in bytes. */
export const MAX_RECORD_BYTES = PAGE_BYTES - LOG_HEADER.bytes - RECORD_SIZE_BYTES;

/**
 * A part of one thread's shared memory: cells of series, and a log that says what they are.
 *
 * One thread writes; others read whatever is there, at any time and without asking. The log only grows, page by page,
 * and a record counts once the page's `written` covers it. A record and the cells that it describes are in one segment.
 */
export class Segment {
  readonly buffer: SharedArrayBuffer;
  #log: LogPage;
  readonly #cells = new CellAllocator(() => this.#newCellPage(), FIRST_SERIES_CELL);

  /**
   * Memory is taken a page at a time.
   *
   * @param maxBytes Address space to reserve; a multiple of the page size.
   * @throws {RangeError} if the address space or memory is not available.
   */
  constructor(maxBytes: number) {
    this.buffer = new SharedArrayBuffer(PAGE_BYTES, { maxByteLength: maxBytes });
    this.#log = logPage(this.buffer, FIRST_LOG_PAGE);
  }

  /**
   * Takes `count` adjacent cells, all zero, and adds the record that describes them to the log.
   *
   * `describe` gets the index of the first cell. Returns undefined if there is no room for both. The log is then unchanged.
   */
  allocate(count: number, describe: (cell: number) => SegmentRecord): CellSlice | undefined {
    const slice = this.#cells.allocate(count);
    if (slice === undefined) return undefined;
    return this.#append(encodeRecord(describe(cellIndex(slice)))) ? slice : undefined;
  }

  /** Adds a record without cells to the log. @throws {SegmentFullError} if there is no room for it. */
  append(record: SegmentRecord): void {
    const bytes = encodeRecord(record);
    if (!this.#append(bytes)) throw new SegmentFullError(bytes.length);
  }

  #append(record: Buffer): boolean {
    if (record.length > MAX_RECORD_BYTES) return false;
    const size = RECORD_SIZE_BYTES + record.length;
    if (this.#log.written + size > PAGE_BYTES && !this.#nextLogPage()) return false;
    const { page, header, written } = this.#log;
    record.copy(page, page.writeUInt16LE(record.length, written));
    this.#log.written = written + size;
    Atomics.store(header, LOG_HEADER.written, this.#log.written);
    return true;
  }

  #newCellPage(): Float64Array | undefined {
    const page = this.#grow();
    return page === undefined ? undefined : new Float64Array(this.buffer, page * PAGE_BYTES, CELLS_PER_PAGE);
  }

  #nextLogPage(): boolean {
    const page = this.#grow();
    if (page === undefined) return false;
    const { header } = this.#log;
    this.#log = logPage(this.buffer, page);
    Atomics.store(header, LOG_HEADER.nextPage, page);
    return true;
  }

  /** The number of a new page; undefined if the reservation is used up, or the system has no memory left. */
  #grow(): number | undefined {
    const { byteLength, maxByteLength } = this.buffer;
    if (byteLength + PAGE_BYTES > maxByteLength) return undefined;
    try {
      this.buffer.grow(byteLength + PAGE_BYTES);
    } catch {
      return undefined;
    }
    return byteLength / PAGE_BYTES;
  }
}

/** A record does not fit into what is left of a segment. */
export class SegmentFullError extends Error {
  constructor(bytes: number) {
    super(`A segment got a record of ${bytes} bytes, for which it has no room.`);
  }
}

/** The index of a slice's first cell, counted from the start of its segment. */
export function cellIndex({ page, offset }: CellSlice): number {
  return page.byteOffset / Float64Array.BYTES_PER_ELEMENT + offset;
}

interface LogPage {
  readonly page: Buffer;
  readonly header: Int32Array;
  written: number;
}

function logPage(buffer: SharedArrayBuffer, number: number): LogPage {
  const page = Buffer.from(buffer, number * PAGE_BYTES, PAGE_BYTES);
  const header = new Int32Array(buffer, number * PAGE_BYTES, 2);
  Atomics.store(header, LOG_HEADER.written, LOG_HEADER.bytes);
  return { page, header, written: LOG_HEADER.bytes };
}
