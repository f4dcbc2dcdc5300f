import { CellAllocator, type CellSlice } from '../cells.js';
import { CHUNK_CELLS, OFFSET_BITS, OFFSET_MASK, type PageViews, pointerTo, viewsOf } from './chunk-layout.js';

/** The memory from which chunks are allocated. */
export interface ChunkHost {
  /** Allocates zeroed cells that no record describes. Returns undefined if there is no memory. */
  allocateUnrecorded(count: number): CellSlice | undefined;
  /** Makes cells available for reuse after a delay in which all scrapes end. */
  free(slice: CellSlice, count: number): void;
  /**
   * Returns the index of the segment of a slice, -1 if there is none, and the index of its first cell in the segment.
   */
  placeOf(slice: CellSlice): { readonly segment: number; readonly cell: number };
}

/** Number of chunks on a page of private memory. */
const PRIVATE_CHUNKS = 16;
/** A page in which no chunk has the expected kind. It has the position 0. */
const NO_PAGE = viewsOf(new Float64Array(1));
NO_PAGE.units.fill(0xffff);

/**
 * The pages of one writer with native histograms, and the allocation of chunks.
 *
 * A position is a number for the writer: the number of the page in `pages`, and the offset of a cell in it. A pointer
 * is a number for readers in other threads. It contains the place of the cell in the chain of segments.
 */
export class ChunkMemory {
  readonly pages: PageViews[] = [NO_PAGE];
  readonly #numbers = new Map<Float64Array, number>();
  readonly #positions = new Map<number, number>();

  /** Whether no pointer can represent the cells of the current segment and of all later segments. */
  #isFull = false;

  constructor(private readonly host: ChunkHost) {}

  /** Returns the position of the first cell of a slice. */
  positionOf({ page, offset }: CellSlice): number {
    let number = this.#numbers.get(page);
    if (number === undefined) {
      number = this.pages.push(viewsOf(page)) - 1;
      this.#numbers.set(page, number);
    }
    return number * 2 ** OFFSET_BITS + offset;
  }

  /** The views of the page with a chunk of this memory. */
  resolve(pointer: number): PageViews {
    return this.pages[this.position(pointer) >>> OFFSET_BITS]!;
  }

  /** Allocates a zeroed chunk. Returns its pointer, or 0 if there is no memory. */
  allocate(): number {
    if (this.#isFull) return 0;
    const slice = this.host.allocateUnrecorded(CHUNK_CELLS);
    if (slice === undefined) return 0;
    const { segment, cell } = this.host.placeOf(slice);
    const pointer = pointerTo(segment, cell);
    if (pointer === 0) this.#isFull = true;
    else this.#remember(pointer, this.positionOf(slice));
    return pointer;
  }

  /** Makes a chunk available for reuse after a delay. */
  free(pointer: number): void {
    const position = this.position(pointer);
    const { cells: page } = this.pages[position >>> OFFSET_BITS]!;
    this.host.free({ page, offset: position & OFFSET_MASK }, CHUNK_CELLS);
  }

  /** The position of a chunk of this memory. */
  position(pointer: number): number {
    const offset = pointer & OFFSET_MASK;
    return this.#positions.get(pointer - offset)! + offset;
  }

  /** All chunks of a page have the same difference of pointer and position. */
  #remember(pointer: number, position: number): void {
    const offset = pointer & OFFSET_MASK;
    this.#positions.set(pointer - offset, position - offset);
  }
}

/** Creates memory for one series that no reader sees. */
export function privateChunkMemory(): ChunkMemory {
  const pages: Float64Array[] = [];
  const allocator = new CellAllocator(() => {
    const page = new Float64Array(1 + PRIVATE_CHUNKS * CHUNK_CELLS);
    pages.push(page);
    return page;
  }, 1);
  return new ChunkMemory({
    allocateUnrecorded: (count) => allocator.allocate(count),
    free: () => {},
    placeOf: ({ page, offset }) => ({ segment: 0, cell: pages.indexOf(page) * 2 ** OFFSET_BITS + offset }),
  });
}
