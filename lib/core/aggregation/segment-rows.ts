import type { SegmentReader } from '../metrics/segment-reader.js';
import type { SeriesPart } from './series-part.js';

/**
 * The series of a family in one segment. Each series is a row.
 *
 * A row takes four bytes: the position of the series in the log of the segment. No record is at position 0, so 0 means
 * that the segment has no series in this row.
 */
export class SegmentRows {
  #positions = new Uint32Array(4);
  /** Created at the first lookup of a row by its cell. */
  #rowsByCell: Map<number, number> | undefined;

  constructor(private readonly reader: SegmentReader) {}

  /** Sets the position of the series of a row. */
  set(row: number, position: number): void {
    if (row >= this.#positions.length) {
      const grown = new Uint32Array(Math.ceil((row + 1) * 1.5));
      grown.set(this.#positions);
      this.#positions = grown;
    }
    this.#positions[row] = position;
    this.#rowsByCell?.set(this.reader.seriesAt(position).cell, row);
  }

  has(row: number): boolean {
    return (this.#positions[row] ?? 0) !== 0;
  }

  /** The series of a row, if the segment has one. */
  part(row: number): SeriesPart | undefined {
    const position = this.#positions[row] ?? 0;
    if (position === 0) return undefined;
    const record = this.reader.seriesAt(position);
    const { page, offset } = this.reader.slice(record.cell);
    return { record, page, offset, segment: this.reader };
  }

  /** The row of the series with this first cell. */
  rowOf(cell: number): number | undefined {
    if (this.#rowsByCell === undefined) {
      this.#rowsByCell = new Map();
      for (const [row, position] of this.#positions.entries()) {
        if (position !== 0) this.#rowsByCell.set(this.reader.seriesAt(position).cell, row);
      }
    }
    return this.#rowsByCell.get(cell);
  }

  /** Removes the series with this first cell. Returns the series and its row, if there is such a series. */
  remove(cell: number): { readonly row: number; readonly part: SeriesPart } | undefined {
    const row = this.rowOf(cell);
    const part = row === undefined ? undefined : this.part(row);
    if (row === undefined || part === undefined) return undefined;
    this.#positions[row] = 0;
    this.#rowsByCell?.delete(cell);
    return { row, part };
  }

  /** Keeps only these rows, in this order. */
  keepOnly(rows: readonly number[]): void {
    this.#positions = Uint32Array.from(rows, (row) => this.#positions[row] ?? 0);
    this.#rowsByCell = undefined;
  }
}
