// A primary that serves metrics and does with its workers what it is told over the channel of its own parent.
import cluster from 'node:cluster';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { getMetricsCollector, startMetricsServer } from '../../../lib/core/dist/index.js';

cluster.setupPrimary({ exec: fileURLToPath(new URL('worker.js', import.meta.url)), execArgv: [] });
const server = await startMetricsServer({ port: 0, thread: process.argv[2] !== 'in-process' });

// The package's messages come as well, and several in one turn: no listener may be missing between two of them.
function said(worker, word) {
  return new Promise((resolve) => {
    worker.on('message', function heard(message) {
      if (message !== word) return;
      worker.off('message', heard);
      resolve();
    });
  });
}

const commands = {
  async fork() {
    const worker = cluster.fork();
    await said(worker, 'up');
    return worker.id;
  },
  async count({ worker, ...told }) {
    if (worker === undefined) getMetricsCollector().incrementRequestCount({ model: 'cluster' });
    else {
      cluster.workers[worker].send(told);
      await said(cluster.workers[worker], 'counted');
    }
  },
  async end({ worker, count, signal }) {
    const left = cluster.workers[worker];
    const gone = once(left, 'exit');
    if (signal === undefined) left.send({ count, exit: true });
    else left.process.kill(signal);
    await gone;
  },
};

process.on('message', async ({ command, ...options }) => {
  process.send({ done: await commands[command](options) });
});
process.on('disconnect', () => process.exit());
process.send({ url: server.url });
