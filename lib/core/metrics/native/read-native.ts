import { HEADER_WORDS, type PageViews, WORDS_PER_CELL } from './chunk-layout.js';
import { ChunksCopy, type PageResolver } from './chunks-copy.js';
import type { NativeHistogram, NativeSettings } from './native-histogram.js';

/** The header of a native histogram: its page, and the offset of its first cell in the page. */
export interface NativeHeader {
  readonly views: PageViews;
  readonly offset: number;
}

/** How to read a native histogram. */
export interface ReadNativeOptions {
  readonly settings: NativeSettings;
  readonly pages: PageResolver;
  /** Whether the writer has ended. Its last change can be incomplete. */
  readonly isEnded?: boolean | undefined;
}

/** How often a reader retries at once while the writer changes several words. */
const MAX_TRIES = 100;
/** How often it then waits before it retries, and how long. The system may have paused the writer. */
const MAX_WAITS = 100;
const WAIT_MILLISECONDS = 1;
/**
 * After a wait without success, reads don't wait for this time: the memory of a removed series may have been reused.
 */
const PAUSE_MILLISECONDS = 1_000;

/** From the schema 8 to the schema -4. */
const MAX_HALVINGS = 12;

/** Reused for each series, because a scrape reads many. */
const copy = new ChunksCopy();

let waitsFrom = 0;

/**
 * Reads the native histogram of a series. Any thread can read while one thread writes.
 *
 * A count is changed by one write, so no lock is needed for it. While the writer changes several words, the sequence
 * number is odd, and the reader retries for up to 100 ms.
 *
 * @returns `undefined` if the writer is in the middle of a change for too long, if a part of the memory is unknown, or
 * if the memory contains no native histogram, because it was reused.
 */
export function readNative(
  { offset, views: { cells, words } }: NativeHeader,
  { settings: { schema, zeroThreshold }, pages, isEnded = false }: ReadNativeOptions,
): NativeHistogram | undefined {
  const start = offset * WORDS_PER_CELL;
  for (let tries = 0; tries < MAX_TRIES + MAX_WAITS; tries++) {
    const sequence = Atomics.load(words, start + HEADER_WORDS.sequence);
    const isLate = tries >= MAX_TRIES;
    if (sequence % 2 !== 0 && !(isLate && isEnded)) {
      if (!isLate) continue;
      if (performance.now() < waitsFrom) return undefined;
      Atomics.wait(words, start + HEADER_WORDS.sequence, sequence, WAIT_MILLISECONDS);
      continue;
    }
    const halvings = Atomics.load(words, start + HEADER_WORDS.halvings);
    const isComplete = copy.read(Atomics.load(words, start + HEADER_WORDS.first), pages);
    const zeroCount = cells[offset]!;
    // An atomic addition of 0 completes after all reads before it, on any hardware. An atomic read does not.
    if (Atomics.add(words, start + HEADER_WORDS.sequence, 0) !== sequence) continue;
    if (!isComplete || !(halvings >= 0 && halvings <= MAX_HALVINGS)) return undefined;
    const [positive, negative] = [copy.buckets(0), copy.buckets(1)];
    return { schema: schema - halvings, zeroThreshold, zeroCount, positive, negative };
  }
  waitsFrom = performance.now() + PAUSE_MILLISECONDS;
  return undefined;
}
