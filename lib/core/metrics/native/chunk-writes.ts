import { HEADER_WORDS, type PageViews, WORDS_PER_CELL } from './chunk-layout.js';

// V8 ends a thread, or finds that the stack is full, only where a function is called or a loop repeats. So the functions
// of this file have neither between their first write and their last one. `Atomics.store` is not such a call.

/** A count of 16 bits in memory. */
export interface CountPlace {
  readonly units: Uint16Array;
  readonly unit: number;
}

/** One value for each level of a count, the lowest level first. */
export type Levels<T> = [T, T, T, T];

/** The header of a series in its page. */
export interface HeaderPlace extends Pick<PageViews, 'cells' | 'words'> {
  readonly offset: number;
}

/** A state of a header. */
export interface HeaderState {
  readonly zeroCount: number;
  readonly halvings: number;
  /** The pointer to the first chunk. */
  readonly first: number;
}

/** Replaces the state of a header. Readers retry meanwhile. */
export function writeHeader({ cells, words, offset }: HeaderPlace, { zeroCount, halvings, first }: HeaderState): void {
  const start = offset * WORDS_PER_CELL;
  const [sequence, firstWord] = [start + HEADER_WORDS.sequence, start + HEADER_WORDS.first];
  const halvingsWord = start + HEADER_WORDS.halvings;
  const changing = Atomics.load(words, sequence) | 1;
  Atomics.store(words, sequence, changing);
  cells[offset] = zeroCount;
  words[halvingsWord] = halvings;
  Atomics.store(words, firstWord, first);
  Atomics.store(words, sequence, changing + 1);
}

/** A new count of a bucket. */
export interface CountWrite {
  /** The places of the levels. A level without a place has the digit 0. */
  readonly places: Readonly<Levels<CountPlace | undefined>>;
  /** The parts of the count. */
  readonly digits: Readonly<Levels<number>>;
  /** The pointer to the first chunk. New chunks are in front of the others. */
  readonly first: number;
  /** Whether readers see only one of the writes. They then don't need to retry. */
  readonly isOneWrite: boolean;
}

const NO_PLACE: CountPlace = { units: new Uint16Array(1), unit: 0 };

/** Writes the count of a bucket, and adds new chunks to the list. */
export function writeCount({ words, offset }: HeaderPlace, { places, digits, first, isOneWrite }: CountWrite): void {
  const start = offset * WORDS_PER_CELL;
  const [sequence, firstWord] = [start + HEADER_WORDS.sequence, start + HEADER_WORDS.first];
  const [place0 = NO_PLACE, place1 = NO_PLACE, place2 = NO_PLACE, place3 = NO_PLACE] = places;
  const [digit0, digit1, digit2, digit3] = digits;
  const before = Atomics.load(words, sequence);
  const changing = isOneWrite ? before : before | 1;
  const after = isOneWrite ? before : changing + 1;
  Atomics.store(words, sequence, changing);
  place0.units[place0.unit] = digit0;
  place1.units[place1.unit] = digit1;
  place2.units[place2.unit] = digit2;
  place3.units[place3.unit] = digit3;
  Atomics.store(words, firstWord, first);
  Atomics.store(words, sequence, after);
}
