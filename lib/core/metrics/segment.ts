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

/** Address space to reserve, largest first; memory is taken a page at a time. */
const RESERVATIONS = [256, 64, 16, 4].map((mebibytes) => mebibytes * 1_024 * 1_024);
const MAX_RECORD_BYTES = PAGE_BYTES - LOG_HEADER.bytes - RECORD_SIZE_BYTES;

/**
 * The shared memory of one thread: the cells of its series, and a log that says what they are.
 *
 * One thread writes; others read whatever is there, at any time and without asking. The log only grows, page by page,
 * and a record counts once the page's `written` covers it.
 */
export class Segment {
  readonly buffer: SharedArrayBuffer = reserve();
  #log = this.#logPage(FIRST_LOG_PAGE);

  /** A page of zeroed cells; undefined when the reservation is used up. */
  newCellPage(): Float64Array | undefined {
    const page = this.#grow();
    return page === undefined ? undefined : new Float64Array(this.buffer, page * PAGE_BYTES, CELLS_PER_PAGE);
  }

  /** Which cell of the segment a cell of one of its pages is. */
  cellIndex(page: Float64Array, offset: number): number {
    return page.byteOffset / Float64Array.BYTES_PER_ELEMENT + offset;
  }

  /** Adds a record to the log; false when there is no room for it. */
  append(what: SegmentRecord): boolean {
    const record = encodeRecord(what);
    if (record.length > MAX_RECORD_BYTES) return false;
    const size = RECORD_SIZE_BYTES + record.length;
    if (this.#log.written + size > PAGE_BYTES && !this.#nextLogPage()) return false;
    const { page, header, written } = this.#log;
    record.copy(page, page.writeUInt16LE(record.length, written));
    this.#log.written = written + size;
    Atomics.store(header, LOG_HEADER.written, this.#log.written);
    return true;
  }

  #nextLogPage(): boolean {
    const page = this.#grow();
    if (page === undefined) return false;
    const { header } = this.#log;
    this.#log = this.#logPage(page);
    Atomics.store(header, LOG_HEADER.nextPage, page);
    return true;
  }

  #logPage(number: number) {
    const page = Buffer.from(this.buffer, number * PAGE_BYTES, PAGE_BYTES);
    const header = new Int32Array(this.buffer, number * PAGE_BYTES, 2);
    Atomics.store(header, LOG_HEADER.written, LOG_HEADER.bytes);
    return { page, header, written: LOG_HEADER.bytes as number };
  }

  #grow(): number | undefined {
    const page = this.buffer.byteLength / PAGE_BYTES;
    if (this.buffer.byteLength + PAGE_BYTES > this.buffer.maxByteLength) return undefined;
    this.buffer.grow(this.buffer.byteLength + PAGE_BYTES);
    return page;
  }
}

function reserve(): SharedArrayBuffer {
  for (const maxByteLength of RESERVATIONS) {
    try {
      return new SharedArrayBuffer(PAGE_BYTES, { maxByteLength });
    } catch {
      // The address space is limited; a smaller reservation may be had.
    }
  }
  return new SharedArrayBuffer(PAGE_BYTES, { maxByteLength: PAGE_BYTES });
}
