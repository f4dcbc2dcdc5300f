import { setImmediate as nextTurn } from 'node:timers/promises';

/** A computation that is divided into slices. Between slices, other work of the event loop can run. */
export type SlicedWork<T> = Generator<void, T, void>;

/** Bytes that are processed per slice, in about 5 to 15 ms. */
const SLICE_BYTES = 65_536;

/** Counts the processed bytes of a computation, and determines when it yields. */
export class Pace {
  #bytes = 0;
  #total = 0;

  /** All bytes that were counted so far. */
  get total(): number {
    return this.#total;
  }

  /** Counts bytes. Returns whether the computation must yield now, which is once per 64 KiB. */
  spend(bytes: number): boolean {
    this.#total += bytes;
    this.#bytes += bytes;
    if (this.#bytes < SLICE_BYTES) return false;
    this.#bytes = 0;
    return true;
  }
}

/** Runs a computation, and frees the event loop between slices. */
export async function runInSlices<T>(
  work: SlicedWork<T>,
  pause: () => Promise<unknown> = () => nextTurn(),
): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await pause();
  }
}

/** Runs a computation synchronously. */
export function runWithoutPauses<T>(work: SlicedWork<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
