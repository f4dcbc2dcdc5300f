import { timeCalls } from './interleave.js';
import { median } from './statistics.js';
import type { Subject } from './subjects/subject.js';

/** V8's option that leaves room for the calls of one measurement, so that nothing is collected meanwhile; in MiB. */
export const ROOM_FOR_GARBAGE = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256'];

const WARM_UP_CALLS = 50_000;
const CALLS = 10_000;
const ROUNDS = 5;

/** How many bytes of the heap one call takes, the garbage it leaves included; the median of some rounds. */
export async function allocatedBytes(subject: Subject): Promise<number> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('Counting allocations needs node --expose-gc.');
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
