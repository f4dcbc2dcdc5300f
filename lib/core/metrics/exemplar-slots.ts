import type { CellSlice } from './cells.js';
import type { ActiveTrace } from './trace-context.js';

/** A value, when it was recorded, and the trace it belongs to. */
export interface StoredExemplar extends ActiveTrace {
  readonly value: number;
  /** Unix seconds. */
  readonly timestampSeconds: number;
}

/** Cells that one exemplar takes. */
export const CELLS_PER_EXEMPLAR = 6;

/** Of 32 bits each: a sequence number, one word unused, value, time, trace id, span id. */
const WORDS = { sequence: 0, value: 2, time: 4, trace: 6, span: 10, all: 12 } as const;
const HEX_DIGITS_PER_WORD = 8;
/** How often a reader tries again while the writer is at it. */
const MAX_TRIES = 100;

const numbers = new Float64Array(2);
const numberWords = new Int32Array(numbers.buffer);

/**
 * Exemplars in shared memory, the latest of each index, written by one thread and read by any.
 *
 * The sequence number of a slot is odd while it is written. Every word is written and read atomically, so that what
 * stands between two equal even sequence numbers is what one call stored, on any machine.
 */
export class ExemplarSlots {
  readonly #words: Int32Array;

  /** `count` slots that begin with the slice's first cell. */
  constructor({ page, offset }: CellSlice, count: number) {
    const start = page.byteOffset + offset * Float64Array.BYTES_PER_ELEMENT;
    this.#words = new Int32Array(page.buffer, start, count * WORDS.all);
  }

  /** How many slots there are. */
  get count(): number {
    return this.#words.length / WORDS.all;
  }

  /** Puts an exemplar in the place of the one that was there; the ids must be hexadecimal, of 32 and 16 digits. */
  store(index: number, { value, timestampSeconds, traceId, spanId }: StoredExemplar): void {
    const words = this.#words;
    const start = index * WORDS.all;
    const sequence = Atomics.load(words, start + WORDS.sequence);
    Atomics.store(words, start + WORDS.sequence, sequence + 1);
    numbers[0] = value;
    numbers[1] = timestampSeconds;
    for (let word = 0; word < 4; word++) {
      Atomics.store(words, start + WORDS.value + word, numberWords[word]!);
      Atomics.store(words, start + WORDS.trace + word, wordOf(traceId, word));
    }
    Atomics.store(words, start + WORDS.span, wordOf(spanId, 0));
    Atomics.store(words, start + WORDS.span + 1, wordOf(spanId, 1));
    Atomics.store(words, start + WORDS.sequence, sequence + 2);
  }

  /** Empties every slot. */
  clear(): void {
    const nothing = { value: 0, timestampSeconds: 0, traceId: '0'.repeat(32), spanId: '0'.repeat(16) };
    for (let index = 0; index < this.count; index++) this.store(index, nothing);
  }

  /** The exemplar in a slot; undefined when there is none, or it is being written. */
  read(index: number): StoredExemplar | undefined {
    const start = index * WORDS.all;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const sequence = Atomics.load(this.#words, start + WORDS.sequence);
      if (sequence === 0) return undefined;
      if (sequence % 2 !== 0) continue;
      const words = Array.from({ length: WORDS.all }, (_, word) => Atomics.load(this.#words, start + word));
      if (Atomics.load(this.#words, start + WORDS.sequence) === sequence) return exemplarOf(words);
    }
    return undefined;
  }
}

/** Undefined of a slot that was emptied, and of one with a time that is none. */
function exemplarOf(words: readonly number[]): StoredExemplar | undefined {
  const [value = 0, timestampSeconds = 0] = new Float64Array(
    Int32Array.from(words.slice(WORDS.value, WORDS.trace)).buffer,
  );
  if (!(timestampSeconds > 0)) return undefined;
  return {
    value,
    timestampSeconds,
    traceId: toHex(words.slice(WORDS.trace, WORDS.span)),
    spanId: toHex(words.slice(WORDS.span)),
  };
}

/** Eight hexadecimal digits as a word; no string is made of them, since this runs within a measured call. */
function wordOf(digits: string, word: number): number {
  const start = word * HEX_DIGITS_PER_WORD;
  let bits = 0;
  for (let index = start; index < start + HEX_DIGITS_PER_WORD; index++) {
    const code = digits.charCodeAt(index);
    // The low half of a letter's code counts from a, or A, as 1.
    bits = (bits << 4) | (code > 0x39 ? (code & 0xf) + 9 : code & 0xf);
  }
  return bits;
}

function toHex(words: readonly number[]): string {
  return words.map((word) => (word >>> 0).toString(16).padStart(HEX_DIGITS_PER_WORD, '0')).join('');
}
