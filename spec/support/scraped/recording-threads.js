// Serves native histograms while threads record values, exit and are terminated. The first message of the parent process
// stops all threads. The response contains, for each histogram, the number of values before and after they were recorded.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { startMetricsServer } from '../../../lib/core/dist/index.js';
import { declareHistograms, recordValues } from './record-values.js';

const file = new URL('recording-thread.js', import.meta.url);
const histograms = declareHistograms();
const all = [];
let isStopped = false;

function newCounts() {
  const counts = new SharedArrayBuffer(16);
  all.push(new Int32Array(counts));
  return counts;
}

async function startThreads() {
  while (!isStopped) {
    const thread = new Worker(file, { execArgv: [], workerData: { counts: newCounts(), values: 200_000 } });
    const exited = once(thread, 'exit');
    const isTerminated = Math.random() < 0.7;
    if (isTerminated) {
      const counts = all.at(-1);
      while (counts[0] === 0) await sleep(1);
      await sleep(Math.random() * 100);
      thread.terminate();
    }
    await exited;
  }
}

async function recordHere() {
  const counts = new Int32Array(newCounts());
  for (let from = 0; !isStopped; from += 100) {
    recordValues(histograms, counts, { from, to: from + 100 });
    await sleep(1);
  }
}

let server = await startMetricsServer({ port: 0, openMetrics2: true });
const { port, url } = server;
const running = [startThreads(), startThreads(), recordHere()];
process.on('message', async (message) => {
  if (message === 'restart') {
    await server.close();
    server = await startMetricsServer({ port, openMetrics2: true });
    process.send('restarted');
    return;
  }
  isStopped = true;
  await Promise.all(running);
  process.send([0, 1, 2, 3].map((index) => all.reduce((sum, counts) => sum + counts[index], 0)));
});
process.on('disconnect', () => process.exit());
process.send({ url });
