import { timeCalls } from './interleave.js';
import { median } from './statistics.js';
import type { Subject } from './subjects/subject.js';

/** Options of V8 that make the young generation so large (in MiB) that no garbage collection runs during a measurement. */
export const ROOM_FOR_GARBAGE = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256'];

const WARM_UP_CALLS = 50_000;
const CALLS = 10_000;
const ROUNDS = 5;

/** The heap bytes that one call allocates, including garbage. Returns the median of several rounds. */
export async function allocatedBytes(subject: Subject): Promise<number> {
  const { gc } = globalThis;
  if (gc === undefined)
    throw new Error('Cannot measure allocations: no garbage collector is exposed; start Node with --expose-gc.');
  await timeCalls(subject, WARM_UP_CALLS);
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    gc();
    const before = process.memoryUsage().heapUsed;
    await timeCalls(subject, CALLS);
    rounds.push((process.memoryUsage().heapUsed - before) / CALLS);
  }
  return median(rounds);
}
