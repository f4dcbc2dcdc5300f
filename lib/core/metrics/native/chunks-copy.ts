import {
  CHUNK_BUCKETS,
  CHUNK_CELLS,
  CHUNK_SHIFT,
  CHUNK_UNITS,
  LEVEL_FACTORS,
  NEXT_WORD,
  OFFSET_MASK,
  type PageViews,
  UNITS_PER_CELL,
  WORDS_PER_CELL,
} from './chunk-layout.js';
import type { NativeBuckets } from './native-histogram.js';

/** Returns the pages to which pointers refer. */
export interface PageResolver {
  /** Returns `undefined` if this thread does not know the segment yet. */
  resolve(pointer: number): PageViews | undefined;
}

/** No series has as many chunks. A longer list is a loop in memory that was reused. */
const MAX_CHUNKS = 2 ** 17;

/** A copy of the chunks of one series. */
export class ChunksCopy {
  #size = 0;
  #numbers = new Int32Array(32);
  #kinds = new Uint8Array(32);
  #counts = new Uint16Array(32 * CHUNK_BUCKETS);
  /** The positions of the chunks in the copy, by ascending number. */
  #order = new Int32Array(32);

  /**
   * Copies a list of chunks. Returns false if a page is unknown, or if the memory contains no list.
   *
   * If a scrape takes very long, the cells of a removed series can contain other values in the meantime.
   */
  read(first: number, pages: PageResolver): boolean {
    this.#size = 0;
    for (let pointer = first; pointer !== 0; ) {
      const views = pages.resolve(pointer);
      const offset = pointer & OFFSET_MASK;
      if (views === undefined || offset + CHUNK_CELLS > views.cells.length) return false;
      if (this.#size === MAX_CHUNKS) return false;
      const { units, words } = views;
      const start = offset * UNITS_PER_CELL;
      if (this.#size === this.#numbers.length) this.#grow();
      const at = this.#size++;
      // The number is a signed integer of 16 bits.
      this.#numbers[at] = (units[start + CHUNK_UNITS.number]! << 16) >> 16;
      this.#kinds[at] = units[start + CHUNK_UNITS.kind]!;
      const counts = this.#counts;
      const [from, to] = [start + CHUNK_UNITS.counts, at * CHUNK_BUCKETS];
      for (let bucket = 0; bucket < CHUNK_BUCKETS; bucket++) counts[to + bucket] = units[from + bucket]!;
      pointer = Atomics.load(words, offset * WORDS_PER_CELL + NEXT_WORD);
    }
    this.#sort();
    return true;
  }

  /** Returns the buckets of one sign (0: positive, 1: negative). Adds the levels of each bucket. */
  buckets(sign: number): NativeBuckets {
    const indexes: number[] = [];
    const counts: number[] = [];
    const add = (index: number, count: number): void => {
      if (count === 0) return;
      indexes.push(index);
      counts.push(count);
    };
    for (let position = 0; position < this.#size; ) {
      const end = this.#endOf(position);
      const chunk = this.#order[position]!;
      const kind = this.#kinds[chunk]!;
      const firstIndex = this.#numbers[chunk]! << CHUNK_SHIFT;
      if (end > position + 1) {
        for (let bucket = 0; bucket < CHUNK_BUCKETS; bucket++)
          add(firstIndex + bucket, this.#sum([position, end], bucket, sign));
      } else if ((kind & 1) === sign) {
        const factor = LEVEL_FACTORS[kind >> 1]!;
        const start = chunk * CHUNK_BUCKETS;
        for (let bucket = 0; bucket < CHUNK_BUCKETS; bucket++)
          add(firstIndex + bucket, this.#counts[start + bucket]! * factor);
      }
      position = end;
    }
    return { indexes, counts };
  }

  /** The position after all chunks with the same number as the one at `position`. */
  #endOf(position: number): number {
    const number = this.#numbers[this.#order[position]!];
    let end = position + 1;
    while (end < this.#size && this.#numbers[this.#order[end]!] === number) end++;
    return end;
  }

  /** The sum of all levels of a bucket, for one sign. */
  #sum([from, to]: readonly [number, number], bucket: number, sign: number): number {
    let sum = 0;
    for (let at = from; at < to; at++) {
      const chunk = this.#order[at]!;
      const kind = this.#kinds[chunk]!;
      if ((kind & 1) === sign) sum += this.#counts[chunk * CHUNK_BUCKETS + bucket]! * LEVEL_FACTORS[kind >> 1]!;
    }
    return sum;
  }

  /** Sorts by insertion, because there are few chunks. */
  #sort(): void {
    const [order, numbers] = [this.#order, this.#numbers];
    for (let at = 0; at < this.#size; at++) {
      const number = numbers[at]!;
      let place = at;
      for (; place > 0 && numbers[order[place - 1]!]! > number; place--) order[place] = order[place - 1]!;
      order[place] = at;
    }
  }

  #grow(): void {
    const [numbers, kinds, counts] = [this.#numbers, this.#kinds, this.#counts];
    this.#numbers = new Int32Array(numbers.length * 2);
    this.#numbers.set(numbers);
    this.#kinds = new Uint8Array(kinds.length * 2);
    this.#kinds.set(kinds);
    this.#counts = new Uint16Array(counts.length * 2);
    this.#counts.set(counts);
    this.#order = new Int32Array(this.#order.length * 2);
  }
}
