// A primary of a cluster that serves metrics. Its parent process sends commands that control the workers.
import cluster from 'node:cluster';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { getMetricsCollector, startMetricsServer } from '../../../lib/core/dist/index.js';

cluster.setupPrimary({ exec: fileURLToPath(new URL('worker.js', import.meta.url)), execArgv: [] });
const server = await startMetricsServer({ port: 0, thread: process.argv[2] !== 'in-process' });

// Waits for a message of a worker. The package's own messages arrive on the same channel, and several can arrive in one
// turn of the event loop. So the listener stays attached until the right message arrives.
function waitForMessage(worker, expected) {
  return new Promise((resolve) => {
    worker.on('message', function onMessage(message) {
      if (message !== expected) return;
      worker.off('message', onMessage);
      resolve();
    });
  });
}

const commands = {
  async fork() {
    const worker = cluster.fork();
    await waitForMessage(worker, 'up');
    return worker.id;
  },
  async count({ worker, ...request }) {
    if (worker === undefined) getMetricsCollector().incrementRequestCount({ model: 'cluster' });
    else {
      cluster.workers[worker].send(request);
      await waitForMessage(cluster.workers[worker], 'counted');
    }
  },
  async end({ worker, count, signal }) {
    const ending = cluster.workers[worker];
    const exited = once(ending, 'exit');
    if (signal === undefined) ending.send({ count, exit: true });
    else ending.process.kill(signal);
    await exited;
  },
};

process.on('message', async ({ command, ...options }) => {
  process.send({ done: await commands[command](options) });
});
process.on('disconnect', () => process.exit());
process.send({ url: server.url });
