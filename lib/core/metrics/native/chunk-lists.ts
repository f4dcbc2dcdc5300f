import { type CountPlace, changeHeader, type HeaderChange, readHeader } from './change-header.js';
import {
  CHUNK_BUCKETS,
  CHUNK_SHIFT,
  CHUNK_UNITS,
  chunkKind,
  HEADER_WORDS,
  LEVEL_FACTORS,
  MAX_COUNT,
  NEXT_WORD,
  OFFSET_BITS,
  OFFSET_MASK,
  UNITS_PER_CELL,
  WORDS_PER_CELL,
} from './chunk-layout.js';
import type { ChunkMemory } from './chunk-memory.js';
import type { NativeHistogram, NativeSettings } from './native-histogram.js';
import { readNative } from './read-native.js';

/** An amount to add to a bucket. */
export interface BucketAmount {
  readonly index: number;
  readonly isNegative: boolean;
  /** A whole number from 1. */
  readonly amount: number;
}

/**
 * Linked lists of chunks in shared memory, one for each series. One thread writes.
 *
 * `header` is the position of the header of a series.
 */
export class ChunkLists {
  constructor(private readonly memory: ChunkMemory) {}

  /** How often the resolution of a series was halved. */
  halvings(header: number): number {
    return this.#wordsOf(header)[wordAt(header, HEADER_WORDS.halvings)]!;
  }

  /** Returns the current buckets of a series. */
  read(header: number, settings: NativeSettings): NativeHistogram {
    const views = this.memory.pages[header >>> OFFSET_BITS]!;
    return readNative({ views, offset: header & OFFSET_MASK }, { settings, pages: this.memory, isEnded: true })!;
  }

  /** Whether a bucket has observations. */
  has(header: number, index: number, isNegative: boolean): boolean {
    return this.#places(header, index, isNegative).some(
      (place) => place !== undefined && place.units[place.unit] !== 0,
    );
  }

  /** The position of a chunk. */
  find(header: number, number: number, kind: number): number | undefined {
    for (const pointer of this.#pointers(header)) {
      const position = this.memory.position(pointer);
      const { units } = this.memory.pages[position >>> OFFSET_BITS]!;
      const start = (position & OFFSET_MASK) * UNITS_PER_CELL;
      if (units[start + CHUNK_UNITS.number] === (number & 0xffff) && units[start + CHUNK_UNITS.kind] === kind) {
        return position;
      }
    }
    return undefined;
  }

  /** Adds 1 to a bucket by one write. Returns false if this is not possible. Nothing is then added. */
  increment(header: number, index: number, isNegative: boolean): boolean {
    const [place] = this.#places(header, index, isNegative);
    const count = countAt(place);
    if (place === undefined || count === 0 || count === MAX_COUNT) return false;
    place.units[place.unit] = count + 1;
    return true;
  }

  /** Adds to a bucket. Returns false if there is no memory. Nothing is then added. */
  add(header: number, { index, isNegative, amount }: BucketAmount): boolean {
    const places = this.#places(header, index, isNegative);
    const digits = digitsOf(places.reduce((sum, place, level) => sum + countAt(place) * LEVEL_FACTORS[level]!, amount));
    const missing = digits.flatMap((digit, level) => (digit > 0 && places[level] === undefined ? [level] : []));
    const added = this.#allocate(
      missing.map((level) => ({ number: index >> CHUNK_SHIFT, kind: chunkKind(level, isNegative) })),
    );
    if (added === undefined) return false;
    missing.forEach((level, at) => {
      places[level] = this.#placeIn(this.memory.position(added[at]!), index);
    });
    const before = readHeader(this.memory.pages[header >>> OFFSET_BITS]!, header & OFFSET_MASK);
    for (const [at, pointer] of added.entries()) this.#setNext(pointer, added[at + 1] ?? before.first);
    this.#change(header, { ...before, first: added[0] ?? before.first, places, digits });
    return true;
  }

  /**
   * Replaces all counts. Returns the pointers to the previous chunks. Pass them to {@link free}.
   *
   * Returns undefined if there is no memory. The counts then don't change.
   */
  replace(
    header: number,
    { zeroCount, positive, negative }: NativeHistogram,
    halvings: number,
  ): readonly number[] | undefined {
    const before = [...this.#pointers(header)];
    const chunks = new Map<string, { number: number; kind: number; counts: Uint16Array }>();
    for (const { indexes, counts, isNegative } of [
      { ...positive, isNegative: false },
      { ...negative, isNegative: true },
    ]) {
      indexes.forEach((index, at) => {
        const number = index >> CHUNK_SHIFT;
        digitsOf(counts[at]!).forEach((digit, level) => {
          if (digit === 0) return;
          const kind = chunkKind(level, isNegative);
          const key = `${number} ${kind}`;
          const chunk = chunks.get(key) ?? { number, kind, counts: new Uint16Array(CHUNK_BUCKETS) };
          chunks.set(key, chunk);
          chunk.counts[index & (CHUNK_BUCKETS - 1)] = digit;
        });
      });
    }
    const all = [...chunks.values()];
    const pointers = this.#allocate(all);
    if (pointers === undefined) return undefined;
    all.forEach(({ counts }, at) => {
      const position = this.memory.position(pointers[at]!);
      const { units } = this.memory.pages[position >>> OFFSET_BITS]!;
      units.set(counts, (position & OFFSET_MASK) * UNITS_PER_CELL + CHUNK_UNITS.counts);
      this.#setNext(pointers[at]!, pointers[at + 1] ?? 0);
    });
    this.#change(header, { zeroCount, halvings, first: pointers[0] ?? 0 });
    return before;
  }

  /** Makes the chunks of a removed series available for reuse. Readers can still read them for a while. */
  release(header: number): void {
    this.free([...this.#pointers(header)]);
  }

  /** Makes chunks available for reuse. */
  free(pointers: readonly number[]): void {
    for (const pointer of pointers) this.memory.free(pointer);
  }

  *#pointers(header: number): Generator<number> {
    for (let pointer = this.#firstOf(header); pointer !== 0; ) {
      yield pointer;
      pointer = this.memory.resolve(pointer).words[(pointer & OFFSET_MASK) * WORDS_PER_CELL + NEXT_WORD]!;
    }
  }

  /** The counts of a bucket, by level. */
  #places(header: number, index: number, isNegative: boolean): (CountPlace | undefined)[] {
    const places: (CountPlace | undefined)[] = LEVEL_FACTORS.map(() => undefined);
    const number = (index >> CHUNK_SHIFT) & 0xffff;
    for (const pointer of this.#pointers(header)) {
      const { units } = this.memory.resolve(pointer);
      const start = (pointer & OFFSET_MASK) * UNITS_PER_CELL;
      const kind = units[start + CHUNK_UNITS.kind]!;
      if (units[start + CHUNK_UNITS.number] !== number || (kind & 1) !== Number(isNegative)) continue;
      places[kind >> 1] = { units, unit: start + CHUNK_UNITS.counts + (index & (CHUNK_BUCKETS - 1)) };
    }
    return places;
  }

  #placeIn(position: number, index: number): CountPlace {
    const { units } = this.memory.pages[position >>> OFFSET_BITS]!;
    const start = (position & OFFSET_MASK) * UNITS_PER_CELL;
    return { units, unit: start + CHUNK_UNITS.counts + (index & (CHUNK_BUCKETS - 1)) };
  }

  /** Allocates chunks that are not in the list yet. Returns undefined if there is no memory for all of them. */
  #allocate(chunks: readonly { readonly number: number; readonly kind: number }[]): number[] | undefined {
    const pointers: number[] = [];
    for (const { number, kind } of chunks) {
      const pointer = this.memory.allocate();
      if (pointer === 0) {
        for (const one of pointers) this.memory.free(one);
        return undefined;
      }
      pointers.push(pointer);
      const { units } = this.memory.resolve(pointer);
      const start = (pointer & OFFSET_MASK) * UNITS_PER_CELL;
      units[start + CHUNK_UNITS.number] = number;
      units[start + CHUNK_UNITS.kind] = kind;
    }
    return pointers;
  }

  #setNext(pointer: number, next: number): void {
    this.memory.resolve(pointer).words[(pointer & OFFSET_MASK) * WORDS_PER_CELL + NEXT_WORD] = next;
  }

  /** The pointer to the first chunk; 0 if there is none. */
  #firstOf(header: number): number {
    return this.#wordsOf(header)[wordAt(header, HEADER_WORDS.first)]!;
  }

  #change(header: number, change: HeaderChange): void {
    changeHeader(this.memory.pages[header >>> OFFSET_BITS]!, header & OFFSET_MASK, change);
  }

  #wordsOf(header: number): Int32Array {
    return this.memory.pages[header >>> OFFSET_BITS]!.words;
  }
}

/** The index of a word of a header in its page. */
function wordAt(header: number, word: number): number {
  return (header & OFFSET_MASK) * WORDS_PER_CELL + word;
}

function countAt(place: CountPlace | undefined): number {
  return place === undefined ? 0 : place.units[place.unit]!;
}

/** Splits a count into parts of 16 bits, the lowest first. */
function digitsOf(count: number): number[] {
  return LEVEL_FACTORS.map((factor) => Math.floor(count / factor) % (MAX_COUNT + 1));
}
