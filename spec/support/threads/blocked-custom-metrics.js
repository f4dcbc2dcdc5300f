// Serves custom metrics, then blocks the main thread and increments them. The argument is the duration in milliseconds.
import { Counter, Gauge, Histogram, startMetricsServer } from '../../../lib/core/dist/index.js';

const facts = { help: 'A metric of a test.', labelNames: ['node'] };
const calls = new Counter({ ...facts, name: 'blocked_calls_total' });
const level = new Gauge({ ...facts, name: 'blocked_level' });
const wait = new Histogram({ ...facts, name: 'blocked_wait_seconds', buckets: [1] });
const slow = new Gauge({ name: 'blocked_collected', help: facts.help, collect: () => slow.inc() });
slow.set(7);

const server = await startMetricsServer({ port: 0 });
process.stdout.write(`${server.url}\n`, () => {
  const end = Date.now() + Number(process.argv[2]);
  for (let count = 1; Date.now() < end; count++) {
    calls.inc({ node: 'a' });
    level.labels('a').set(count);
    wait.observe({ node: 'a' }, 0.5);
    // A removed series is created again by the next value.
    calls.labels('b').inc();
    calls.remove('b');
  }
  server.close();
});
