// Serves native histograms while cluster workers record values, exit and are killed. The first message of the parent
// process stops all workers.
import cluster from 'node:cluster';
import { once } from 'node:events';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { startMetricsServer } from '../../../lib/core/dist/index.js';
import { declareHistograms, recordValues } from './record-values.js';

const counts = [0, 0, 0, 0];

if (cluster.isPrimary) await serve();
else await record();

async function serve() {
  cluster.setupPrimary({ execArgv: [] });
  const server = await startMetricsServer({ port: 0, openMetrics2: true });
  let isStopped = false;
  const startWorkers = async () => {
    for (let number = 0; !isStopped; number++) {
      const worker = cluster.fork();
      const exited = once(worker, 'exit');
      await untilRecording(worker);
      await sleep(500);
      if (number % 2 === 0) worker.process.kill('SIGKILL');
      else worker.send('exit');
      await exited;
    }
  };
  const running = [startWorkers(), startWorkers()];
  process.on('message', async () => {
    isStopped = true;
    await Promise.all(running);
    process.send(counts);
  });
  process.on('disconnect', () => process.exit());
  process.send({ url: server.url });
}

/** The package's own messages arrive on the same channel. */
function untilRecording(worker) {
  return new Promise((resolve) => {
    worker.on('message', (message) => {
      if (message === 'recording') resolve();
    });
  });
}

async function record() {
  const histograms = declareHistograms();
  process.on('message', (message) => {
    if (message === 'exit') process.exit();
  });
  process.send('recording');
  for (let from = 0; ; from += 100) {
    recordValues(histograms, counts, { from, to: from + 100 });
    await nextTurn();
  }
}
