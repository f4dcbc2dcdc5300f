// `node aggregator-registry.js PACKAGE`: prints, as JSON, what the AggregatorRegistry of a package reads from two cluster
// workers. Run it with prom-client and with its replacement to compare them.
import cluster from 'node:cluster';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const name = process.argv[2];
const { default: client } = await import(name);
const { AggregatorRegistry, Counter, Gauge, Histogram, Registry } = client;

if (cluster.isPrimary) await readWorkers();
else await work();

async function readWorkers() {
  cluster.setupPrimary({ exec: fileURLToPath(import.meta.url), args: [name], execArgv: [] });
  const registry = new AggregatorRegistry();
  const results = [await registry.clusterMetrics()];
  const workers = [cluster.fork({ NUMBER: 1 }), cluster.fork({ NUMBER: 2 })];
  await Promise.all(workers.map((worker) => untilReady(worker, 'ready')));
  results.push(...(await Promise.all([registry.clusterMetrics(), registry.clusterMetrics()])));
  workers[0].send('use another registry');
  await untilReady(workers[0], 'done');
  results.push(await registry.clusterMetrics());
  workers[1].send('fail');
  await untilReady(workers[1], 'done');
  results.push(await registry.clusterMetrics().catch(({ message }) => message));
  for (const worker of workers) worker.disconnect();
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  results.push(await registry.clusterMetrics());
  // The metrics are in the order in which the workers responded.
  const sorted = results.map((text) => text.trim().split('\n\n').sort());
  // prom-client leaves a timer running after an error.
  process.stdout.write(JSON.stringify(sorted), () => process.exit());
}

function untilReady(worker, expected) {
  return new Promise((resolve) => {
    worker.on('message', (message) => {
      if (message === expected) resolve();
    });
  });
}

async function work() {
  new AggregatorRegistry();
  const number = Number(process.env.NUMBER);
  new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['kind'] }).inc({ kind: 'a' }, number);
  new Gauge({ name: 'level', help: 'A level.', aggregator: 'max' }).set(number);
  new Gauge({ name: 'omitted', help: 'Omitted.', aggregator: 'omit' }).set(number);
  new Histogram({ name: 'seconds', help: 'Seconds.', buckets: [1, 10] }).observe(number * 0.75);
  process.on('message', (message) => {
    const other = new Registry();
    if (message === 'use another registry') new Counter({ name: 'other', help: 'Other.', registers: [other] }).inc(9);
    else if (message === 'fail')
      other.registerMetric({ name: 'broken', get: async () => Promise.reject(new Error('no')) });
    else return;
    AggregatorRegistry.setRegistries(other);
    process.send('done');
  });
  process.send('ready');
}
