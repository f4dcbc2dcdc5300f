import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { pushMetrics, startMetricsServer } from 'tinyllm';
import { type Counts, noCounts } from './counts.js';
import { Executor } from './executor.js';

/** What the application tells when it is asked how it is. */
export interface Health {
  readonly rssMiB: number;
  readonly heapMiB: number;
  /** What JavaScript holds outside of its heap: buffers, shared memory. */
  readonly externalMiB: number;
  readonly threads: number;
  readonly pushes: number;
}

/** What the application tells at its end. */
export interface Ending {
  readonly counts: Counts;
  readonly pushes: number;
}

// An application under traffic, with threads that come and go, and pushes to a hub, until it is told to stop.
const [, , hub = '', roundsPerSecond = '200'] = process.argv;
const tickMilliseconds = 20;
const executor = new Executor();
const ofThreads: Counts = { ...noCounts };
let threads = 0;
let pushes = 0;
let goesOn = true;

async function traffic(): Promise<void> {
  const rounds = (Number(roundsPerSecond) * tickMilliseconds) / 1_000;
  while (goesOn) {
    for (let round = 0; round < rounds; round++) await executor.round();
    await sleep(tickMilliseconds);
  }
}

async function churn(): Promise<void> {
  while (goesOn) {
    await runThread();
    await sleep(500);
  }
}

function runThread(): Promise<void> {
  threads++;
  const worker = new Worker(new URL('./short-lived-thread.js', import.meta.url));
  worker.on('message', (counts: Counts) => {
    for (const name of Object.keys(counts) as (keyof Counts)[]) ofThreads[name] += counts[name];
  });
  return new Promise((resolve, reject) => {
    worker.on('error', reject).on('exit', () => resolve());
  });
}

async function push(): Promise<void> {
  while (goesOn) {
    await pushMetrics({ url: hub });
    pushes++;
    await sleep(2_000);
  }
}

const server = await startMetricsServer({ port: 0, page: false });
process.send?.(server.url);
const work = Promise.all([traffic(), churn(), push()]);

process.on('message', async (message) => {
  if (message === 'health') {
    const { rss, heapUsed, external } = process.memoryUsage();
    const [rssMiB, heapMiB, externalMiB] = [rss / 2 ** 20, heapUsed / 2 ** 20, external / 2 ** 20];
    process.send?.({ rssMiB, heapMiB, externalMiB, threads, pushes } satisfies Health);
  } else if (message === 'stop') {
    goesOn = false;
    await work;
    await pushMetrics({ url: hub });
    const names = Object.keys(noCounts) as (keyof Counts)[];
    const counts = Object.fromEntries(names.map((name) => [name, executor.counts[name] + ofThreads[name]]));
    process.send?.({ counts: counts as unknown as Counts, pushes: pushes + 1 } satisfies Ending);
  }
});
process.on('disconnect', () => process.exit());
await work;
