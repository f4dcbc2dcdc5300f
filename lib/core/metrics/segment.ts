import { CellAllocator, type CellSlice, FIRST_SERIES_CELL } from './cells.js';
import { encodeRecord, type SegmentRecord } from './segment-record.js';

/** Size of a page, in bytes: 64 KiB. A page contains either cells or a part of the log. */
export const PAGE_BYTES = 65_536;
/** Cells on a page. */
export const CELLS_PER_PAGE = PAGE_BYTES / Float64Array.BYTES_PER_ELEMENT;
/** A log page begins with the number of the next page (0 for none) and the number of bytes written. */
export const LOG_HEADER = { nextPage: 0, written: 1, bytes: 8 } as const;
/** The first log page is the segment's first page. */
export const FIRST_LOG_PAGE = 0;
/** Each record begins with its size in bytes, little-endian. */
export const RECORD_SIZE_BYTES = Uint16Array.BYTES_PER_ELEMENT;
/** The longest record that fits on a page, in bytes. */
export const MAX_RECORD_BYTES = PAGE_BYTES - LOG_HEADER.bytes - RECORD_SIZE_BYTES;

/**
 * A part of one thread's shared memory: cells of series, and a log that describes them.
 *
 * One thread writes. Other threads can read at any time without coordination. The log only grows, page by page. A
 * record is valid once the page's `written` includes it. A record and the cells that it describes are in one segment.
 */
export class Segment {
  readonly buffer: SharedArrayBuffer;
  #log: LogPage;
  readonly #cells = new CellAllocator(() => this.#newCellPage(), FIRST_SERIES_CELL);

  /**
   * Reserves address space. Memory is allocated page by page.
   *
   * @param maxBytes Address space to reserve. A multiple of the page size.
   * @throws {RangeError} if the address space or memory is not available.
   */
  constructor(maxBytes: number) {
    this.buffer = new SharedArrayBuffer(PAGE_BYTES, { maxByteLength: maxBytes });
    this.#log = logPage(this.buffer, FIRST_LOG_PAGE);
  }

  /**
   * Allocates `count` adjacent zeroed cells and adds the record that describes them to the log.
   *
   * `describe` receives the index of the first cell. Returns undefined if there is no room for both. The log is then
   * unchanged.
   */
  allocate(count: number, describe: (cell: number) => SegmentRecord): CellSlice | undefined {
    const slice = this.#cells.allocate(count);
    if (slice === undefined) return undefined;
    return this.#append(encodeRecord(describe(cellIndex(slice)))) ? slice : undefined;
  }

  /** Allocates adjacent zeroed cells that no record describes. Returns undefined if there is no room. */
  allocateUnrecorded(count: number): CellSlice | undefined {
    return this.#cells.allocate(count);
  }

  /** Adds a record without new cells to the log. Returns false if there is no room for it. */
  append(record: SegmentRecord): boolean {
    return this.#append(encodeRecord(record));
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

  /** Returns the number of a new page, or undefined if the reservation is used up or the system has no memory left. */
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

/** Returns the index of a slice's first cell, counted from the start of its segment. */
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
