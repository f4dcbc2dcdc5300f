// A worker that counts as it is told.
import { getMetricsCollector } from '../../../dist/lib/index.js';

const collector = getMetricsCollector();
const timers = [];

process.on('message', ({ count = 0, gauge = false, exit = false, tinyllm }) => {
  if (tinyllm !== undefined) return;
  for (let index = 0; index < count; index++) {
    collector.incrementRequestCount({ model: 'cluster' });
    collector.trackRequestLatency({ model: 'timed' }).end();
  }
  if (gauge) timers.push(collector.trackRequestLatency({ model: 'cluster' }));
  if (exit) process.exit();
  process.send('counted');
});
process.send('up');
