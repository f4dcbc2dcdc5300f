import { setImmediate as nextTurn } from 'node:timers/promises';

/** A computation in slices: it yields when other work should get its turn. */
export type Paced<T> = Generator<void, T, void>;

/** How many bytes are processed before other work gets its turn; about 5 to 15 ms. */
const SLICE_BYTES = 65_536;

/** Counts the work of a computation, and determines when it yields. */
export class Pace {
  #bytes = 0;
  #total = 0;

  /** Everything that was counted so far. */
  get total(): number {
    return this.#total;
  }

  /** Counts bytes. Returns whether the computation must yield now: once after each 64 KiB. */
  spend(bytes: number): boolean {
    this.#total += bytes;
    this.#bytes += bytes;
    if (this.#bytes < SLICE_BYTES) return false;
    this.#bytes = 0;
    return true;
  }
}

/** Runs a computation, and leaves the event loop free between two slices. */
export async function runPaced<T>(work: Paced<T>, pause: () => Promise<unknown> = () => nextTurn()): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await pause();
  }
}

/** Runs a computation without a pause. */
export function runAtOnce<T>(work: Paced<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
