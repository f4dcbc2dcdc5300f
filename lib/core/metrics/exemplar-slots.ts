import type { CellSlice } from './cells.js';
import type { ActiveTrace } from './trace-context.js';

/** A value, the time of its recording, and its trace. */
export interface StoredExemplar extends ActiveTrace {
  readonly value: number;
  /** Unix seconds. */
  readonly timestampSeconds: number;
}

/** Number of cells for one exemplar. */
export const CELLS_PER_EXEMPLAR = 6;

/** Positions of 32-bit words: sequence number, an unused word, value, time, trace ID, span ID. */
const WORDS = { sequence: 0, value: 2, time: 4, trace: 6, span: 10, all: 12 } as const;
const HEX_DIGITS_PER_WORD = 8;
/** How often a reader retries while the writer changes the slot. */
const MAX_TRIES = 100;

const numbers = new Float64Array(2);
const numberWords = new Int32Array(numbers.buffer);

/**
 * The latest exemplar of each index, in shared memory. One thread writes, any thread can read.
 *
 * The sequence number of a slot is odd while the slot is written. Every word is written and read atomically. If the
 * sequence number is even and the same before and after a read, the words belong to one exemplar, on any hardware.
 */
export class ExemplarSlots {
  readonly #words: Int32Array;

  /** `count` is the number of slots. They begin with the slice's first cell. */
  constructor({ page, offset }: CellSlice, count: number) {
    const start = page.byteOffset + offset * Float64Array.BYTES_PER_ELEMENT;
    this.#words = new Int32Array(page.buffer, start, count * WORDS.all);
  }

  /** Number of slots. */
  get count(): number {
    return this.#words.length / WORDS.all;
  }

  /** Replaces the exemplar in a slot. The IDs must be hexadecimal, with 32 and 16 digits. */
  store(index: number, { value, timestampSeconds, traceId, spanId }: StoredExemplar): void {
    const words = this.#words;
    const start = index * WORDS.all;
    // If a stack overflow interrupted the last write, the number is already odd.
    const writing = Atomics.load(words, start + WORDS.sequence) | 1;
    Atomics.store(words, start + WORDS.sequence, writing);
    numbers[0] = value;
    numbers[1] = timestampSeconds;
    for (let word = 0; word < 4; word++) {
      Atomics.store(words, start + WORDS.value + word, numberWords[word]!);
      Atomics.store(words, start + WORDS.trace + word, wordOf(traceId, word));
    }
    Atomics.store(words, start + WORDS.span, wordOf(spanId, 0));
    Atomics.store(words, start + WORDS.span + 1, wordOf(spanId, 1));
    Atomics.store(words, start + WORDS.sequence, writing + 1);
  }

  /** Clears every slot. */
  clear(): void {
    const nothing = { value: 0, timestampSeconds: 0, traceId: '0'.repeat(32), spanId: '0'.repeat(16) };
    for (let index = 0; index < this.count; index++) this.store(index, nothing);
  }

  /** Returns the exemplar in a slot, or undefined if there is none or it is being written. */
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

/** Returns undefined for a cleared slot or an invalid timestamp. */
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

/** Converts eight hexadecimal digits to a word. Creates no string, because this runs within a measured call. */
function wordOf(digits: string, word: number): number {
  const start = word * HEX_DIGITS_PER_WORD;
  let bits = 0;
  for (let index = start; index < start + HEX_DIGITS_PER_WORD; index++) {
    const code = digits.charCodeAt(index);
    // The low four bits of the character codes of a to f (and of A to F) are 1 to 6.
    bits = (bits << 4) | (code > 0x39 ? (code & 0xf) + 9 : code & 0xf);
  }
  return bits;
}

function toHex(words: readonly number[]): string {
  return words.map((word) => (word >>> 0).toString(16).padStart(HEX_DIGITS_PER_WORD, '0')).join('');
}
