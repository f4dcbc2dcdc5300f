import { performance } from 'node:perf_hooks';
import { median, type Summary, summarize } from './statistics.js';
import type { CallContext, Subject } from './subjects/subject.js';

const CONTEXTS: readonly CallContext[] = Array.from({ length: 8 }, (_, index) => ({ graph: `graph-${index}` }));
const WARM_UP_CALLS = 20_000;
const TURN_NANOSECONDS = 500_000;

/**
 * Measures the nanoseconds that a call of each subject takes in addition to a call of the first subject, by name.
 *
 * The subjects take turns, in a different order in each round. The result is the median of the differences within each
 * round, so that a temporarily slow machine affects all subjects equally. All turns have the same short duration, so
 * that other processes interrupt only few turns, and interrupt all subjects equally.
 */
export async function addedCosts(subjects: readonly Subject[], rounds: number): Promise<Record<string, Summary>> {
  const calls: number[] = [];
  for (const subject of subjects) calls.push(await callsOfTurn(subject));
  const times = subjects.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < subjects.length; turn++) {
      const index = (turn + round) % subjects.length;
      times[index]!.push(await timeCalls(subjects[index]!, calls[index]!));
    }
  }
  const [base = []] = times;
  const summaries = subjects.map(({ name }, index): [string, Summary] => [
    index === 0 ? 'bare' : name,
    summarize(index === 0 ? base : times[index]!.map((time, round) => time - base[round]!)),
  ]);
  return Object.fromEntries(summaries);
}

/** Warms up a subject. Resolves to the number of calls per turn. */
async function callsOfTurn(subject: Subject): Promise<number> {
  const first = await timeCalls(subject, 10);
  await timeCalls(subject, Math.max(50, Math.min(WARM_UP_CALLS, Math.round(2e9 / first))));
  const nanoseconds: number[] = [];
  for (let sample = 0; sample < 15; sample++) nanoseconds.push(await timeCalls(subject, 20));
  return Math.max(5, Math.round(TURN_NANOSECONDS / median(nanoseconds)));
}

/** Calls a subject sequentially. Resolves to the nanoseconds per call. */
export async function timeCalls({ call }: Subject, calls: number): Promise<number> {
  const started = performance.now();
  for (let index = 0; index < calls; index++) await call('prompt', CONTEXTS[index % CONTEXTS.length]!);
  return ((performance.now() - started) * 1e6) / calls;
}
