// A thread that imports the package. Each message says how many requests to count, and whether to exit afterwards.
import { parentPort } from 'node:worker_threads';
import { getMetricsCollector } from '../../../lib/core/dist/index.js';

const collector = getMetricsCollector();
const timers = [];

parentPort.on('message', ({ count, model, end }) => {
  for (let index = 0; index < count; index++) collector.incrementRequestCount({ model });
  if (count > 0) timers.push(collector.trackRequestLatency({ model }));
  parentPort.postMessage('done');
  if (end) process.exit();
});
