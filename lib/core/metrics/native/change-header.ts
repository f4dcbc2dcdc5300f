import { HEADER_WORDS, type PageViews, WORDS_PER_CELL } from './chunk-layout.js';

/** A count of 16 bits in memory. */
export interface CountPlace {
  readonly units: Uint16Array;
  readonly unit: number;
}

/** The values in the header of a series. */
export interface Header {
  readonly zeroCount: number;
  /** How often the resolution was halved. */
  readonly halvings: number;
  /** The pointer to the first chunk; 0 if there is none. */
  readonly first: number;
}

/** New values of a header, and the new parts of a bucket's count, by level. */
export interface HeaderChange extends Header {
  readonly places?: readonly (CountPlace | undefined)[];
  readonly digits?: readonly number[];
}

/** Returns the header at this cell of a page. Only the writer may call this. */
export function readHeader({ cells, words }: PageViews, offset: number): Header {
  const start = offset * WORDS_PER_CELL;
  return {
    zeroCount: cells[offset]!,
    halvings: words[start + HEADER_WORDS.halvings]!,
    first: words[start + HEADER_WORDS.first]!,
  };
}

/**
 * Changes the header at this cell of a page, and the count of a bucket. Readers retry meanwhile.
 *
 * Between the writes are neither loops nor calls of JavaScript functions, because a thread can be terminated there, and
 * the stack can overflow. The counts would stay half changed, for example 65,535 too large.
 */
export function changeHeader(
  { cells, words }: PageViews,
  offset: number,
  { zeroCount, halvings, first, places = [], digits = [] }: HeaderChange,
): void {
  const start = offset * WORDS_PER_CELL;
  const changing = Atomics.load(words, start + HEADER_WORDS.sequence) | 1;
  Atomics.store(words, start + HEADER_WORDS.sequence, changing);
  if (places[0] !== undefined) places[0].units[places[0].unit] = digits[0]!;
  if (places[1] !== undefined) places[1].units[places[1].unit] = digits[1]!;
  if (places[2] !== undefined) places[2].units[places[2].unit] = digits[2]!;
  if (places[3] !== undefined) places[3].units[places[3].unit] = digits[3]!;
  cells[offset] = zeroCount;
  words[start + HEADER_WORDS.halvings] = halvings;
  Atomics.store(words, start + HEADER_WORDS.first, first);
  Atomics.store(words, start + HEADER_WORDS.sequence, changing + 1);
}
