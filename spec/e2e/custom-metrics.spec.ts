import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import fc from 'fast-check';
import { eventually } from '../support/eventually.js';
import { parseText, sampleValue } from '../support/parse-text.js';

type Library = typeof import('../../lib/core/index.js');

const built = new URL('../../lib/core/dist/index.js', import.meta.url).href;
const threads = new URL('../support/threads/', import.meta.url);

/** A call on a metric of a thread. */
type Call = readonly [metric: 'calls' | 'level', method: string, ...args: unknown[]];

const node = fc.constantFrom('a', 'b', 'c');
const call: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom('calls', 'level'), fc.constant('inc'), fc.record({ node }), fc.nat(9)),
  },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom('calls', 'level'), fc.constant('remove'), fc.record({ node })) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('calls', 'level'), fc.constantFrom('reset', 'recreate')) },
);

/** The sums of the calls of one thread, by metric and label. */
function modelOf(calls: readonly Call[]): Record<Call[0], Map<string, number>> {
  const model = { calls: new Map<string, number>(), level: new Map<string, number>() };
  for (const [metric, method, labels, value] of calls) {
    const { node: label } = (labels ?? {}) as { node: string };
    if (method === 'inc') model[metric].set(label, (model[metric].get(label) ?? 0) + (value as number));
    else if (method === 'remove') model[metric].delete(label);
    else model[metric].clear();
  }
  return model;
}

describe('custom metrics in a scrape', function () {
  this.timeout(60_000);

  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const clean of cleanups.splice(0)) await clean();
  });

  it('have current values while the main thread is blocked, and the last collected ones', async () => {
    const script = new URL('blocked-custom-metrics.js', threads).pathname;
    const child = spawn(process.execPath, [script, '20000'], { stdio: ['ignore', 'pipe', 'inherit'] });
    cleanups.push(() => child.kill());
    const [printed] = (await once(child.stdout, 'data')) as [Buffer];
    const url = printed.toString().trim();
    const [counts, collected]: [number[], number[]] = [[], []];
    const labels = { node: 'a' };
    while (counts.length < 2 && child.exitCode === null) {
      const text = await (await fetch(url)).text();
      const value = (name: string, more = {}) => sampleValue(text, name, { ...labels, ...more });
      const count = value('blocked_calls_total') ?? 0;
      // On a busy machine, the first scrape may happen before the first call.
      if (count === 0) continue;
      counts.push(count);
      expect(value('blocked_level')).to.be.within(count - 1, Number.MAX_SAFE_INTEGER);
      expect(value('blocked_wait_seconds_bucket', { le: '1' })).to.be.above(0);
      collected.push(sampleValue(text, 'blocked_collected') ?? 0);
    }
    // The main thread is blocked until it exits, so these responses came from the scrape thread.
    expect(child.exitCode).to.equal(null);
    expect(counts[1]).to.be.above(counts[0]!);
    expect(collected[0]).to.be.at.least(7);
    expect(collected[1]).to.equal(collected[0]);
  });

  it('are the sum of all threads, for any calls and any order in which the threads end', async () => {
    const { startMetricsServer }: Library = await import(built);
    const server = await startMetricsServer({ port: 0 });
    cleanups.push(() => server.close());
    let run = 0;
    const scenario = fc.tuple(
      fc.array(fc.array(call, { maxLength: 30, size: 'max' }), { minLength: 2, maxLength: 3 }),
      fc.boolean(),
    );
    await fc.assert(
      fc.asyncProperty(scenario, async ([callsOfThreads, endsFirst]) => {
        const name = `run_${run++}`;
        const workers = callsOfThreads.map(
          () => new Worker(new URL('custom-metrics-thread.js', threads), { execArgv: [], workerData: name }),
        );
        await Promise.all(
          workers.map(async (worker, index) => {
            const calls = callsOfThreads[index]!;
            for (const half of [calls.slice(0, calls.length / 2), calls.slice(calls.length / 2)]) {
              worker.postMessage(half);
              await once(worker, 'message');
            }
          }),
        );
        if (endsFirst) {
          const exit = once(workers[0]!, 'exit');
          workers[0]!.postMessage([['calls', 'end']]);
          await exit;
        }
        const expected = callsOfThreads.flatMap((calls, index) => {
          const model = modelOf(calls);
          const isEnded = endsFirst && index === 0;
          return (isEnded ? (['calls'] as const) : (['calls', 'level'] as const)).flatMap((metric) =>
            [...model[metric]].map(([label, value]) => [`${name}_${metric}`, label, value] as const),
          );
        });
        const sums = new Map<string, number>();
        for (const [metric, label, value] of expected) {
          sums.set(`${metric} ${label}`, (sums.get(`${metric} ${label}`) ?? 0) + value);
        }
        try {
          await eventually(async () => {
            const samples = parseText(await (await fetch(server.url)).text()).flatMap((family) => family.samples);
            const own = samples.filter((sample) => sample.name.startsWith(`${name}_`));
            const read = own.map(({ name: metric, labels, value }) => [
              `${metric.replace('_total', '')} ${labels.node}`,
              value,
            ]);
            expect(Object.fromEntries(read)).to.deep.equal(Object.fromEntries(sums));
            return true;
          });
        } finally {
          await Promise.all(workers.map((worker) => worker.terminate()));
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
});
