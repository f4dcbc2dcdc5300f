import {
  CHUNK_BUCKETS,
  CHUNK_SHIFT,
  CHUNK_UNITS,
  HEADER_WORDS,
  LEVEL_FACTORS,
  NEXT_WORD,
  OFFSET_MASK,
  type PageViews,
  UNITS_PER_CELL,
  WORDS_PER_CELL,
} from './chunk-layout.js';
import type { NativeBuckets, NativeHistogram, NativeSettings } from './native-histogram.js';

/** The header of a native histogram: its page, and the offset of its first cell in the page. */
export interface NativeHeader {
  readonly views: PageViews;
  readonly offset: number;
}

/** Returns the page to which a pointer refers, or `undefined` if this thread does not know its segment yet. */
export type ResolvePointer = (pointer: number) => PageViews | undefined;

/** How to read a native histogram. */
export interface ReadNativeOptions {
  readonly settings: NativeSettings;
  readonly resolve: ResolvePointer;
  /** Whether the writer has ended. Its last change can be incomplete. */
  readonly isEnded?: boolean | undefined;
}

/** A chunk: its number, its sign, its level and its counts. */
interface ReadChunk {
  readonly number: number;
  readonly kind: number;
  readonly counts: Uint16Array;
}

/** How often a reader retries while the writer changes several words. */
const MAX_TRIES = 100;

/**
 * Reads the native histogram of a series. Any thread can read while one thread writes.
 *
 * A count is changed by one write, so no lock is needed for it. If the writer changes several words, the sequence number
 * is odd, and the reader retries.
 *
 * @returns `undefined` if the writer is in the middle of a change for too long, or if a part of the memory is unknown.
 */
export function readNative(
  { offset, views: { cells, words } }: NativeHeader,
  { settings: { schema, zeroThreshold }, resolve, isEnded = false }: ReadNativeOptions,
): NativeHistogram | undefined {
  const start = offset * WORDS_PER_CELL;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const sequence = Atomics.load(words, start + HEADER_WORDS.sequence);
    const isLast = tries === MAX_TRIES - 1;
    if (sequence % 2 !== 0 && !(isLast && isEnded)) continue;
    const halvings = Atomics.load(words, start + HEADER_WORDS.halvings);
    const chunks = readChunks(Atomics.load(words, start + HEADER_WORDS.first), resolve);
    const zeroCount = cells[offset]!;
    if (Atomics.load(words, start + HEADER_WORDS.sequence) !== sequence) continue;
    if (chunks === undefined) return undefined;
    return { schema: schema - halvings, zeroThreshold, zeroCount, ...bucketsOf(chunks) };
  }
  return undefined;
}

function readChunks(first: number, resolve: ResolvePointer): ReadChunk[] | undefined {
  const chunks: ReadChunk[] = [];
  for (let pointer = first; pointer !== 0; ) {
    const views = resolve(pointer);
    if (views === undefined) return undefined;
    const { units, words } = views;
    const offset = pointer & OFFSET_MASK;
    const start = offset * UNITS_PER_CELL;
    const counts = new Uint16Array(CHUNK_BUCKETS);
    for (let bucket = 0; bucket < CHUNK_BUCKETS; bucket++) {
      counts[bucket] = Atomics.load(units, start + CHUNK_UNITS.counts + bucket);
    }
    // The number is a signed integer of 16 bits.
    const number = (units[start + CHUNK_UNITS.number]! << 16) >> 16;
    chunks.push({ number, kind: units[start + CHUNK_UNITS.kind]!, counts });
    pointer = Atomics.load(words, offset * WORDS_PER_CELL + NEXT_WORD);
  }
  return chunks;
}

function bucketsOf(chunks: ReadChunk[]): Pick<NativeHistogram, 'positive' | 'negative'> {
  chunks.sort((one, other) => one.number - other.number);
  return { positive: bucketsWithSign(chunks, 0), negative: bucketsWithSign(chunks, 1) };
}

/** Adds the levels of each bucket. The chunks are sorted by their numbers. */
function bucketsWithSign(chunks: readonly ReadChunk[], sign: number): NativeBuckets {
  const indexes: number[] = [];
  const counts: number[] = [];
  for (let position = 0; position < chunks.length; ) {
    const { number } = chunks[position]!;
    let end = position + 1;
    while (end < chunks.length && chunks[end]!.number === number) end++;
    for (let bucket = 0; bucket < CHUNK_BUCKETS; bucket++) {
      let count = 0;
      for (let at = position; at < end; at++) {
        const { kind, counts: some } = chunks[at]!;
        if (kind % 2 === sign) count += some[bucket]! * LEVEL_FACTORS[kind >> 1]!;
      }
      if (count === 0) continue;
      indexes.push((number << CHUNK_SHIFT) + bucket);
      counts.push(count);
    }
    position = end;
  }
  return { indexes, counts };
}
