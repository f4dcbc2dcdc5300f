import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';
import { configureMetrics, currentLabels, withLabels } from 'tinyllm';
import { addedCosts } from '../interleave.js';
import { summarize } from '../statistics.js';
import { bareCall } from '../subjects/bare.js';
import type { Subject } from '../subjects/subject.js';
import type { Costs } from './call-scenarios.js';

const LABELS = { tenant: 'acme' };
const WARM_UP_OPERATIONS = 100_000;
const OPERATIONS_PER_TURN = 5_000;

const storage = new AsyncLocalStorage<typeof LABELS>();
const work = (): number => 1;

type Operations = Readonly<Record<string, (count: number) => number>>;

/** Operations inside `withLabels` and in the context of `storage`. */
const lookups: Operations = {
  currentLabels: (count) => {
    let length = 0;
    for (let index = 0; index < count; index++) length += currentLabels().tenant!.length;
    return length;
  },
  getStore: (count) => {
    let length = 0;
    for (let index = 0; index < count; index++) length += storage.getStore()!.tenant.length;
    return length;
  },
};

/** Operations outside of any context. */
const entries: Operations = {
  withLabels: (count) => {
    let calls = 0;
    for (let index = 0; index < count; index++) calls += withLabels(LABELS, work);
    return calls;
  },
  run: (count) => {
    let calls = 0;
    for (let index = 0; index < count; index++) calls += storage.run({ ...LABELS }, work);
    return calls;
  },
};

/** Measures a lookup of the labels, and calls of `withLabels`, and compares them with an `AsyncLocalStorage`. */
export async function measureContexts(rounds: number): Promise<Costs> {
  configureMetrics({ labels: Object.keys(LABELS) });
  const inContext: Subject = {
    name: 'withLabels-async',
    call: (prompt, context) => withLabels(LABELS, () => bareCall.call(prompt, context)),
  };
  // On Node 20 and 22, each storage that runs makes `await` slower: run the second one only after this measurement.
  const { 'withLabels-async': asynchronous } = await addedCosts([bareCall, inContext], rounds);
  const looked = withLabels(LABELS, () => storage.run(LABELS, () => measureOperations(lookups, rounds)));
  return { ...looked, ...measureOperations(entries, rounds), 'withLabels-async': asynchronous! };
}

function measureOperations(operations: Operations, rounds: number): Costs {
  const all = Object.entries(operations).map(([name, run]) => ({ name, run, times: [] as number[] }));
  for (const { run } of all) run(WARM_UP_OPERATIONS);
  for (let round = 0; round < rounds; round++) {
    for (const { run, times } of all) {
      const started = performance.now();
      run(OPERATIONS_PER_TURN);
      times.push(((performance.now() - started) * 1e6) / OPERATIONS_PER_TURN);
    }
  }
  return Object.fromEntries(all.map(({ name, times }) => [name, summarize(times)]));
}

/** Measures `await null` before the first call of `withLabels` in the process, after it, and inside another call. */
export async function measureAwaits(rounds: number): Promise<Costs> {
  configureMetrics({ labels: Object.keys(LABELS) });
  const before = await timesOfAwait(rounds);
  withLabels(LABELS, work);
  const after = await timesOfAwait(rounds);
  const inside = await withLabels(LABELS, () => timesOfAwait(rounds));
  return { before: summarize(before), after: summarize(after), inside: summarize(inside) };
}

async function timesOfAwait(rounds: number): Promise<number[]> {
  await timeOfAwait(WARM_UP_OPERATIONS);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await timeOfAwait(OPERATIONS_PER_TURN));
  return times;
}

/** Resolves to the nanoseconds of one `await null`. */
async function timeOfAwait(count: number): Promise<number> {
  const started = performance.now();
  for (let index = 0; index < count; index++) await null;
  return ((performance.now() - started) * 1e6) / count;
}
