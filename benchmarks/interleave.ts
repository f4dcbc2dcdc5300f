import { performance } from 'node:perf_hooks';
import { median, type Summary, summarize } from './statistics.js';
import type { CallContext, Subject } from './subjects/subject.js';

const CONTEXTS: readonly CallContext[] = Array.from({ length: 8 }, (_, index) => ({ graph: `graph-${index}` }));
const WARM_UP_CALLS = 20_000;
const TURN_NANOSECONDS = 500_000;

/**
 * Nanoseconds a call of each subject takes more than one of the first, by name.
 *
 * The subjects take turns, in another order each round; what is told is the median of the rounds' differences, so
 * that a machine that is slow for a while is slow for all of them. Turns are equally long, in time, and short: other
 * processes interrupt few of them, and no subject's more than another's.
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

/** Warms a subject up; resolves to how many calls of it a turn takes. */
async function callsOfTurn(subject: Subject): Promise<number> {
  const first = await timeCalls(subject, 10);
  await timeCalls(subject, Math.max(50, Math.min(WARM_UP_CALLS, Math.round(2e9 / first))));
  const nanoseconds: number[] = [];
  for (let sample = 0; sample < 15; sample++) nanoseconds.push(await timeCalls(subject, 20));
  return Math.max(5, Math.round(TURN_NANOSECONDS / median(nanoseconds)));
}

/** Makes calls one after the other; resolves to the nanoseconds one took. */
export async function timeCalls({ call }: Subject, calls: number): Promise<number> {
  const started = performance.now();
  for (let index = 0; index < calls; index++) await call('prompt', CONTEXTS[index % CONTEXTS.length]!);
  return ((performance.now() - started) * 1e6) / calls;
}
