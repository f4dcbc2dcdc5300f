import { CellAllocator, saturated } from '../metrics/cells.js';
import type { Descriptor } from '../metrics/descriptor.js';
import { addNative } from '../metrics/native/merge-native.js';
import { valuesPerSeries } from '../metrics/series.js';
import { nativeOf, type SeriesPart } from './series-part.js';

/** Series per array. Several series share an array to reduce the overhead. */
const SERIES_PER_PAGE = 64;

/** The summed counts of ended segments, by row of the family. */
export class EndedRows {
  #parts = new Map<number, SeriesPart>();
  readonly #cellCount: number;
  readonly #cells: CellAllocator;
  /** Quantiles can't be summed. They describe recent values, so an ended segment has none. */
  readonly #quantileCount: number;

  constructor(private readonly descriptor: Descriptor) {
    const count = valuesPerSeries(descriptor);
    this.#quantileCount = descriptor.kind === 'summary' ? descriptor.buckets.length : 0;
    this.#cellCount = count;
    this.#cells = new CellAllocator(() => new Float64Array(SERIES_PER_PAGE * count));
  }

  /** The sum of a row, if there is one. */
  part(row: number): SeriesPart | undefined {
    return this.#parts.get(row);
  }

  /**
   * Adds the counts of a segment to a row. The row keeps the earliest creation time. Afterwards, don't read this
   * segment: its counts would be included twice.
   */
  add(row: number, part: SeriesPart): void {
    const { record, page, offset } = part;
    const known = this.#parts.get(row);
    const sum = known ?? this.#open(row, record);
    const { createdSeconds } = record;
    const isEarlier = known !== undefined && createdSeconds < known.record.createdSeconds;
    const added = this.descriptor.native && nativeOf(part, this.descriptor, true);
    if (isEarlier || added !== undefined) {
      const native = sum.native && added ? addNative(sum.native, added) : (added ?? sum.native);
      this.#parts.set(row, { ...sum, native, record: isEarlier ? { ...sum.record, createdSeconds } : sum.record });
    }
    sum.page.fill(Number.NaN, sum.offset, sum.offset + this.#quantileCount);
    for (let index = this.#quantileCount; index < this.#cellCount; index++) {
      sum.page[sum.offset + index] = saturated(sum.page[sum.offset + index]! + page[offset + index]!);
    }
  }

  /** Keeps only these rows, in this order. */
  keepOnly(rows: readonly number[]): void {
    const parts = rows.map((row) => this.#parts.get(row));
    this.#parts = new Map(parts.flatMap((part, row) => (part === undefined ? [] : [[row, part] as const])));
  }

  #open(row: number, { labelValues, createdSeconds }: SeriesPart['record']): SeriesPart {
    const { page, offset } = this.#cells.allocate(this.#cellCount)!;
    // Copy the array, because an array that has grown has unused memory.
    const part = { record: { labelValues: labelValues.slice(), createdSeconds }, page, offset };
    this.#parts.set(row, part);
    return part;
  }
}
