import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { pushMetrics, startMetricsServer } from 'tinyllm';
import { type Counts, noCounts } from './counts.js';
import { Executor } from './executor.js';

/** The reply of the application to the message `health`. */
export interface Health {
  readonly rssMiB: number;
  readonly heapMiB: number;
  /** Memory outside the JavaScript heap: buffers and shared memory. */
  readonly externalMiB: number;
  readonly threads: number;
  readonly pushes: number;
}

/** The reply of the application to the message `stop`. */
export interface FinalCounts {
  readonly counts: Counts;
  readonly pushes: number;
}

// Runs traffic and short-lived threads, and pushes to a hub, until it receives the message `stop`.
const [, , hub = '', roundsPerSecond = '200'] = process.argv;
const tickMilliseconds = 20;
const executor = new Executor();
const threadCounts: Counts = { ...noCounts };
let threads = 0;
let pushes = 0;
let isRunning = true;

async function traffic(): Promise<void> {
  const rounds = (Number(roundsPerSecond) * tickMilliseconds) / 1_000;
  while (isRunning) {
    for (let round = 0; round < rounds; round++) await executor.round();
    await sleep(tickMilliseconds);
  }
}

async function churn(): Promise<void> {
  while (isRunning) {
    await runThread();
    await sleep(500);
  }
}

function runThread(): Promise<void> {
  threads++;
  const worker = new Worker(new URL('./short-lived-thread.js', import.meta.url));
  worker.on('message', (counts: Counts) => {
    for (const name of Object.keys(counts) as (keyof Counts)[]) threadCounts[name] += counts[name];
  });
  return new Promise((resolve, reject) => {
    worker.on('error', reject).on('exit', () => resolve());
  });
}

async function push(): Promise<void> {
  while (isRunning) {
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
    isRunning = false;
    await work;
    await pushMetrics({ url: hub });
    const names = Object.keys(noCounts) as (keyof Counts)[];
    const counts = Object.fromEntries(names.map((name) => [name, executor.counts[name] + threadCounts[name]]));
    process.send?.({ counts: counts as unknown as Counts, pushes: pushes + 1 } satisfies FinalCounts);
  }
});
process.on('disconnect', () => process.exit());
await work;
