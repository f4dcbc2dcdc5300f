import type { CellSlice } from '../cells.js';
import { requireStack } from '../deferred-work.js';
import { type BucketTable, bucketIndex, bucketTable } from './bucket-index.js';
import {
  CHUNK_BUCKETS,
  CHUNK_SHIFT,
  CHUNK_UNITS,
  chunkKind,
  MAX_COUNT,
  OFFSET_BITS,
  OFFSET_MASK,
  UNITS_PER_CELL,
} from './chunk-layout.js';
import type { BucketAmount } from './chunk-lists.js';
import { emptyNative, withSchema } from './merge-native.js';
import type { NativeBuckets, NativeHistogram } from './native-histogram.js';
import type { NativeMetric } from './native-metric.js';

const MIN_SCHEMA = -4;
const BUCKET_MASK = CHUNK_BUCKETS - 1;
/** Maximum number of chunks that are found without following pointers. */
const MAX_SLOTS = 32;

/**
 * Records observations in the native buckets of one series.
 *
 * The buckets are in chunks of 16 with counts of 16 bits. A chunk exists only if one of its buckets has observations.
 * If more than `maxBuckets` buckets have observations, the resolution is halved: pairs of buckets are added. Counts
 * never decrease. If there is no memory, an observation is counted in the nearest bucket that has memory.
 */
export class NativeRecorder {
  private table: BucketTable;
  /**
   * The positions of chunks of the lowest level, by the lowest bits of their numbers, inverted for negative numbers.
   */
  private slots: number[] = [0];
  private bucketCount: number;
  /** The position of the header. */
  private readonly header: number;

  /** `slice` begins with the header. It contains zeros, or the state of an earlier recorder. */
  constructor(
    slice: CellSlice,
    private readonly metric: NativeMetric,
  ) {
    const { lists, memory, settings } = metric;
    this.header = memory.positionOf(slice);
    this.table = bucketTable(settings.schema - lists.halvings(this.header));
    this.bucketCount = countBuckets(this.read());
  }

  /** Counts a finite number. */
  record(value: number): void {
    const isNegative = value < 0;
    const size = isNegative ? -value : value;
    const { pages, zeroThreshold } = this.metric;
    if (size <= zeroThreshold) {
      pages[this.header >>> OFFSET_BITS]!.cells[this.header & OFFSET_MASK]! += 1;
      return;
    }
    const index = bucketIndex(this.table, size);
    const number = index >> CHUNK_SHIFT;
    const position = this.slots[(isNegative ? ~number : number) & (this.slots.length - 1)]!;
    const { units } = pages[position >>> OFFSET_BITS]!;
    const start = (position & OFFSET_MASK) * UNITS_PER_CELL;
    const kind = isNegative ? 1 : 0;
    if (units[start] === (number & 0xffff) && units[start + CHUNK_UNITS.kind] === kind) {
      const place = start + CHUNK_UNITS.counts + (index & BUCKET_MASK);
      const count = units[place]!;
      if (count !== 0 && count !== MAX_COUNT) {
        units[place] = count + 1;
        return;
      }
    }
    this.#recordSlowly(index, isNegative);
  }

  /** Returns the current buckets. */
  read(): NativeHistogram {
    return this.metric.lists.read(this.header, this.metric.settings);
  }

  /** Replaces all counts. Readers see either the old counts or the new ones, or counts between them. */
  set(histogram: NativeHistogram): void {
    const before = this.read();
    if (histogram.schema !== before.schema || decreases(before, histogram)) {
      this.#replace(histogram);
      return;
    }
    for (const isNegative of [false, true]) {
      const side = isNegative ? 'negative' : 'positive';
      const known = new Map(before[side].indexes.map((index, at) => [index, before[side].counts[at]!]));
      histogram[side].indexes.forEach((index, at) => {
        const amount = histogram[side].counts[at]! - (known.get(index) ?? 0);
        if (amount > 0 && !this.#add({ index, isNegative, amount })) this.#addNear({ index, isNegative, amount });
      });
    }
    this.#setZeroCount(histogram.zeroCount);
    this.bucketCount = countBuckets(histogram);
  }

  /** Sets all counts to zero and returns to the configured resolution. */
  clear(): void {
    this.#replace(emptyNative(this.metric.settings));
  }

  /** Counts an observation whose chunk is in no slot, or whose count changes by more than one write. */
  #recordSlowly(index: number, isNegative: boolean): void {
    const at = this.metric.lists.increment(this.header, index, isNegative) ? index : this.#recordNew(index, isNegative);
    try {
      this.#remember(at >> CHUNK_SHIFT, isNegative);
    } catch {
      // The stack has overflowed. The observation is counted, and the next one can store the position.
    }
  }

  /** Counts an observation, with fewer buckets or a new chunk if necessary. Returns the index of its bucket. */
  #recordNew(index: number, isNegative: boolean): number {
    requireStack('toChange');
    let at = index;
    const { maxBuckets } = this.metric.settings;
    while (this.bucketCount >= maxBuckets && this.table.schema > MIN_SCHEMA && !this.#has(at, isNegative)) {
      const halved = withSchema(this.read(), this.table.schema - 1);
      if (!this.#replace(halved)) break;
      at = ((at - 1) >> 1) + 1;
    }
    const isNew = !this.#has(at, isNegative);
    if (!this.#add({ index: at, isNegative, amount: 1 })) this.#addNear({ index: at, isNegative, amount: 1 });
    else if (isNew) this.bucketCount++;
    return at;
  }

  /** Returns false if there is no memory. The counts then don't change. */
  #replace(histogram: NativeHistogram): boolean {
    const { settings, lists } = this.metric;
    const table = bucketTable(histogram.schema);
    const bucketCount = countBuckets(histogram);
    const slots = [0];
    const previous = lists.replace(this.header, histogram, settings.schema - histogram.schema);
    if (previous === undefined) return false;
    // These fields must match the header, even if the stack overflows. So no function is called before they are set.
    this.table = table;
    this.bucketCount = bucketCount;
    this.slots = slots;
    lists.free(previous);
    return true;
  }

  #has(index: number, isNegative: boolean): boolean {
    return this.metric.lists.has(this.header, index, isNegative);
  }

  #add(amount: BucketAmount): boolean {
    return this.metric.lists.add(this.header, amount);
  }

  #setZeroCount(count: number): void {
    this.metric.pages[this.header >>> OFFSET_BITS]!.cells[this.header & OFFSET_MASK] = count;
  }

  /** Adds to the nearest bucket that has observations, or to the zero bucket. */
  #addNear({ index, isNegative, amount }: BucketAmount): void {
    const { indexes } = this.read()[isNegative ? 'negative' : 'positive'];
    const distance = (one: number): number => Math.abs(one - index);
    const nearest = indexes.toSorted((one, other) => distance(one) - distance(other))[0];
    if (nearest !== undefined && this.#add({ index: nearest, isNegative, amount })) return;
    this.#setZeroCount(this.read().zeroCount + amount);
  }

  /** Stores the position of a chunk, so that the next observations find it at once. */
  #remember(number: number, isNegative: boolean): void {
    const position = this.metric.lists.find(this.header, number, chunkKind(0, isNegative));
    if (position === undefined) return;
    while (this.slots.length < MAX_SLOTS && ![0, position].includes(this.slots[this.#slotOf(position)]!)) {
      this.#growSlots();
    }
    this.slots[this.#slotOf(position)] = position;
  }

  #growSlots(): void {
    const known = this.slots.filter((position) => position !== 0);
    this.slots = Array(this.slots.length * 2).fill(0);
    for (const position of known) this.slots[this.#slotOf(position)] = position;
  }

  #slotOf(position: number): number {
    const { units } = this.metric.pages[position >>> OFFSET_BITS]!;
    const start = (position & OFFSET_MASK) * UNITS_PER_CELL;
    const number = units[start + CHUNK_UNITS.number]!;
    return (units[start + CHUNK_UNITS.kind] === 0 ? number : ~number) & (this.slots.length - 1);
  }
}

function countBuckets({ positive, negative }: NativeHistogram): number {
  return positive.indexes.length + negative.indexes.length;
}

function decreases(before: NativeHistogram, after: NativeHistogram): boolean {
  return (
    after.zeroCount < before.zeroCount ||
    hasFewer(before.positive, after.positive) ||
    hasFewer(before.negative, after.negative)
  );
}

function hasFewer(before: NativeBuckets, after: NativeBuckets): boolean {
  const counts = new Map(after.indexes.map((index, at) => [index, after.counts[at]!]));
  return before.indexes.some((index, at) => (counts.get(index) ?? 0) < before.counts[at]!);
}
