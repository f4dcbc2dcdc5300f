// A thread that imports the package, counts as it is told, and ends when it is told.
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
