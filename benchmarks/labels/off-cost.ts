import { configureMetrics } from 'tinyllm';
import { timeCalls } from '../interleave.js';
import { fastest, type Summary } from '../statistics.js';
import type { Costs } from './call-scenarios.js';
import { originalNode, requireOriginal, node as tracked } from './tracked.js';

const WARM_UP_CALLS = 20_000;
const CALLS_PER_TURN = 5_000;

/** Measures a decorated method in a process with `TINYLLM_METRICS=off`. @throws {Error} if it is not the original. */
export function measureOff(rounds: number): Promise<Costs> {
  requireOriginal();
  return addedToOriginal(rounds);
}

/** Measures a decorated method while the metrics are not enabled. */
export function measureDisabled(rounds: number): Promise<Costs> {
  configureMetrics({ enabled: false });
  return addedToOriginal(rounds);
}

/**
 * Measures the nanoseconds that the decorated method adds to the original method. Also measures the original method
 * again, to show the error of the measurement.
 *
 * The differences are smaller than those between turns on a busy machine, so the fastest turns are compared.
 */
async function addedToOriginal(rounds: number): Promise<Costs> {
  const again = { ...originalNode };
  const subjects = [originalNode, tracked, again];
  for (const subject of subjects) await timeCalls(subject, WARM_UP_CALLS);
  const times = subjects.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < subjects.length; turn++) {
      const index = (turn + round) % subjects.length;
      times[index]!.push(await timeCalls(subjects[index]!, CALLS_PER_TURN));
    }
  }
  const [base, node, error] = times.map(fastest) as [number, number, number];
  return { node: exactly(node - base), again: exactly(error - base) };
}

function exactly(value: number): Summary {
  return { median: value, lower: value, upper: value };
}
