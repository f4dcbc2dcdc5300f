// A cluster worker that counts requests. The primary's messages say what to count.
import { Worker } from 'node:worker_threads';
import { configureMetrics, getMetricsCollector } from '../../../lib/core/dist/index.js';

const collector = getMetricsCollector();
const timers = [];

process.on('message', ({ count = 0, gauge = false, exit = false, thread = false, buckets, tinyllm }) => {
  if (tinyllm !== undefined) return;
  if (thread) {
    const counting = new Worker(new URL('../threads/counting-thread.js', import.meta.url), { execArgv: [] });
    counting.postMessage({ count, model: 'cluster' });
    counting.once('message', () => process.send('counted'));
    return;
  }
  if (buckets !== undefined) configureMetrics({ buckets });
  for (let index = 0; index < count; index++) {
    collector.incrementRequestCount({ model: 'cluster' });
    collector.trackRequestLatency({ model: 'timed' }).end();
  }
  if (gauge) timers.push(collector.trackRequestLatency({ model: 'cluster' }));
  if (exit) process.exit();
  process.send('counted');
});
process.send('up');
