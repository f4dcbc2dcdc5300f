/**
 * Number of cells of a native histogram's header, which follows the other cells of its series.
 *
 * The first cell is the count of the zero bucket. The other two consist of the words of {@link HEADER_WORDS}.
 */
export const HEADER_CELLS = 3;

/** Positions of 32-bit words in the header. */
export const HEADER_WORDS = {
  /** Odd while several words change together. It increases with each such change. */
  sequence: 2,
  /** How often the resolution was halved. */
  halvings: 3,
  /** The pointer to the first chunk; 0 if there is none. */
  first: 4,
} as const;

/** Number of buckets of a chunk: the buckets with the indexes from 16 n to 16 n + 15, where n is its number. */
export const CHUNK_BUCKETS = 16;
export const CHUNK_SHIFT = 4;
/** Number of cells of a chunk: one for its number, kind and the pointer to the next chunk, four for the counts. */
export const CHUNK_CELLS = 5;
/** Positions of 16-bit units in a chunk. The counts follow from `counts` on. */
export const CHUNK_UNITS = { number: 0, kind: 1, counts: 4 } as const;
/** Position of the 32-bit word with the pointer to the next chunk; 0 if there is none. */
export const NEXT_WORD = 1;

/** A count has 16 bits. A chunk of the next level counts how often it has exceeded them. */
export const MAX_COUNT = 0xffff;
/** The value of a count of 1, by level. Counts of level 3 exceed the integers that a double can represent. */
export const LEVEL_FACTORS = [1, 2 ** 16, 2 ** 32, 2 ** 48] as const;

/** Returns the kind of a chunk: its level and its sign. */
export function chunkKind(level: number, isNegative: boolean): number {
  return level * 2 + Number(isNegative);
}

/** A page, as cells, as 16-bit units and as 32-bit words. */
export interface PageViews {
  readonly cells: Float64Array;
  readonly units: Uint16Array;
  readonly words: Int32Array;
}

/** Returns views of the cells of a page. */
export function viewsOf(cells: Float64Array): PageViews {
  const { buffer, byteOffset, length } = cells;
  return {
    cells,
    units: new Uint16Array(buffer, byteOffset, length * 4),
    words: new Int32Array(buffer, byteOffset, length * 2),
  };
}

/** Number of bits of a position or a pointer that are the offset of the cell in its page. */
export const OFFSET_BITS = 13;
export const OFFSET_MASK = 2 ** OFFSET_BITS - 1;
/** Number of 16-bit units and of 32-bit words in a cell. */
export const UNITS_PER_CELL = 4;
export const WORDS_PER_CELL = 2;

/** Number of bits of a pointer that are the index of a cell in its segment. The other bits are the segment's index. */
const CELL_BITS = 25;
const MAX_SEGMENTS = 64;

/** Returns the pointer to a cell of a chain, or 0 if no pointer can represent it. */
export function pointerTo(segment: number, cell: number): number {
  return segment < 0 || segment >= MAX_SEGMENTS || cell >= 2 ** CELL_BITS ? 0 : segment * 2 ** CELL_BITS + cell;
}

/** Returns the index of the segment to which a pointer refers. */
export function segmentAt(pointer: number): number {
  return pointer >>> CELL_BITS;
}

/** Returns the index of the cell in its segment to which a pointer refers. */
export function cellAt(pointer: number): number {
  return pointer & (2 ** CELL_BITS - 1);
}
