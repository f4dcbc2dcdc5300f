import { CellAllocator, saturated } from '../metrics/cells.js';
import type { Descriptor } from '../metrics/descriptor.js';
import { cellsPerSeries } from '../metrics/series.js';
import type { SeriesPart } from './series-part.js';

/** An array has an overhead of its own, which many series share. */
const SERIES_PER_PAGE = 64;

/** What segments have left of a family's series, by row, that are no longer there: their counts, added up. */
export class EndedRows {
  readonly #parts = new Map<number, SeriesPart>();
  readonly #cellCount: number;
  readonly #cells: CellAllocator;

  constructor(descriptor: Descriptor) {
    const count = cellsPerSeries(descriptor);
    this.#cellCount = count;
    this.#cells = new CellAllocator(() => new Float64Array(SERIES_PER_PAGE * count));
  }

  /** What is left of a row, if anything. */
  part(row: number): SeriesPart | undefined {
    return this.#parts.get(row);
  }

  /** Adds what a segment has of a row, which must not be read from the segment any more. */
  keep(row: number, { told, page, offset }: SeriesPart): void {
    const kept = this.#parts.get(row) ?? this.#open(row, told);
    for (let index = 0; index < this.#cellCount; index++) {
      kept.page[kept.offset + index] = saturated(kept.page[kept.offset + index]! + page[offset + index]!);
    }
  }

  #open(row: number, { labelValues, createdSeconds }: SeriesPart['told']): SeriesPart {
    const { page, offset } = this.#cells.allocate(this.#cellCount)!;
    // An array that has grown has room to grow on: the copy has none.
    const part = { told: { labelValues: labelValues.slice(), createdSeconds }, page, offset };
    this.#parts.set(row, part);
    return part;
  }
}
