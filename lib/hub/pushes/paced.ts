import { setImmediate as nextTurn } from 'node:timers/promises';

/** A computation in steps. After each step it yields how many bytes of a push the step has processed. */
export type Paced<T> = Generator<number, T, void>;

/** How many bytes are processed before other work gets its turn; about 5 to 15 ms. */
const SLICE_BYTES = 65_536;

/** Runs a computation in slices of 64 KiB, so that the event loop is free between two slices. */
export async function runPaced<T>(work: Paced<T>, pause: () => Promise<unknown> = () => nextTurn()): Promise<T> {
  let bytes = 0;
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    bytes += step.value;
    if (bytes >= SLICE_BYTES) {
      bytes = 0;
      await pause();
    }
  }
}

/** Runs a computation without a pause. */
export function runAtOnce<T>(work: Paced<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
