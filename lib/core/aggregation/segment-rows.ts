import type { SegmentReader } from '../metrics/segment-reader.js';
import type { SeriesPart } from './series-part.js';

/**
 * What one segment has of a family's series, each of which is a row.
 *
 * Of a series this is four bytes: where the segment's log tells of it. No record is at 0, which stands for nothing.
 */
export class SegmentRows {
  #positions = new Uint32Array(4);
  /** Made when rows are asked for by their cell. */
  #rowsByCell: Map<number, number> | undefined;

  constructor(private readonly reader: SegmentReader) {}

  /** Says which row the series is whose record is at this position of the segment. */
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

  /** What the segment has of a row, if anything. */
  part(row: number): SeriesPart | undefined {
    const position = this.#positions[row] ?? 0;
    if (position === 0) return undefined;
    const told = this.reader.seriesAt(position);
    const { page, offset } = this.reader.slice(told.cell);
    return { told, page, offset };
  }

  /** The row of the series that has its first cell there. */
  rowOf(cell: number): number | undefined {
    if (this.#rowsByCell === undefined) {
      this.#rowsByCell = new Map();
      for (const [row, position] of this.#positions.entries()) {
        if (position !== 0) this.#rowsByCell.set(this.reader.seriesAt(position).cell, row);
      }
    }
    return this.#rowsByCell.get(cell);
  }

  /** Keeps these rows alone, in this order. */
  keep(rows: readonly number[]): void {
    this.#positions = Uint32Array.from(rows, (row) => this.#positions[row] ?? 0);
    this.#rowsByCell = undefined;
  }
}
