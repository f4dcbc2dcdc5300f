import type { CellSlice } from './cells.js';

/** A value, the time of its recording, and labels of any kind. */
export interface LabelledExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Unix seconds. */
  readonly timestampSeconds: number;
}

/** Number of cells for one exemplar with labels. */
export const CELLS_PER_LABELLED_EXEMPLAR = 64;

/** Positions of 32-bit words: sequence number, bytes of the labels, value, time, the labels as JSON. */
const WORDS = { sequence: 0, bytes: 1, value: 2, time: 4, labels: 6, all: CELLS_PER_LABELLED_EXEMPLAR * 2 } as const;
const MAX_LABEL_BYTES = (WORDS.all - WORDS.labels) * Int32Array.BYTES_PER_ELEMENT;
/** How often a reader retries while the writer changes the slot. */
const MAX_TRIES = 100;

/**
 * The latest exemplar of a counter or bucket, in shared memory. One thread writes, any thread can read.
 *
 * The sequence number is odd while the slot is written. Every word is written and read atomically. If the sequence
 * number is even and the same before and after a read, the words belong to one exemplar.
 */
export class LabelledExemplarSlot {
  readonly #words: Int32Array;

  constructor({ page, offset }: CellSlice) {
    const start = page.byteOffset + offset * Float64Array.BYTES_PER_ELEMENT;
    this.#words = new Int32Array(page.buffer, start, WORDS.all);
  }

  /** Replaces the exemplar. If its labels take more than 488 bytes as JSON, the slot is empty afterwards. */
  store({ labels, value, timestampSeconds }: LabelledExemplar): void {
    const text = Buffer.from(JSON.stringify(labels));
    const fits = text.length <= MAX_LABEL_BYTES;
    const content = new Int32Array(WORDS.all);
    content[WORDS.bytes] = fits ? text.length : 0;
    const bytes = Buffer.from(content.buffer);
    bytes.writeDoubleLE(value, WORDS.value * Int32Array.BYTES_PER_ELEMENT);
    bytes.writeDoubleLE(timestampSeconds, WORDS.time * Int32Array.BYTES_PER_ELEMENT);
    if (fits) text.copy(bytes, WORDS.labels * Int32Array.BYTES_PER_ELEMENT);
    this.#write(content);
  }

  /** Removes the exemplar. */
  clear(): void {
    this.#write(new Int32Array(WORDS.all));
  }

  /** Returns the exemplar, or undefined if there is none or it is being written. */
  read(): LabelledExemplar | undefined {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const sequence = Atomics.load(this.#words, WORDS.sequence);
      if (sequence === 0) return undefined;
      if (sequence % 2 !== 0) continue;
      const content = Int32Array.from({ length: WORDS.all }, (_, word) => Atomics.load(this.#words, word));
      if (Atomics.load(this.#words, WORDS.sequence) === sequence) return exemplarOf(content);
    }
    return undefined;
  }

  #write(content: Int32Array): void {
    // If a stack overflow interrupted the last write, the number is already odd.
    const writing = Atomics.load(this.#words, WORDS.sequence) | 1;
    Atomics.store(this.#words, WORDS.sequence, writing);
    for (let word = WORDS.bytes; word < WORDS.all; word++) Atomics.store(this.#words, word, content[word]!);
    Atomics.store(this.#words, WORDS.sequence, writing + 1);
  }
}

function exemplarOf(content: Int32Array): LabelledExemplar | undefined {
  const length = content[WORDS.bytes]!;
  if (length === 0) return undefined;
  const bytes = Buffer.from(content.buffer);
  const start = WORDS.labels * Int32Array.BYTES_PER_ELEMENT;
  return {
    labels: JSON.parse(bytes.toString('utf8', start, start + length)),
    value: bytes.readDoubleLE(WORDS.value * Int32Array.BYTES_PER_ELEMENT),
    timestampSeconds: bytes.readDoubleLE(WORDS.time * Int32Array.BYTES_PER_ELEMENT),
  };
}
