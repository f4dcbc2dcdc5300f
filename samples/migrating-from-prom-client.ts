// An application that used prom-client. With the alias in package.json, its imports stay `from 'prom-client'`. This
// sample runs without the alias, so it imports the package by its own name.
import { Worker } from 'node:worker_threads';
import { Counter, collectDefaultMetrics, Histogram, register, startMetricsServer } from '@tinyllm/prom-client';

collectDefaultMetrics();
const orders = new Counter({ name: 'orders_total', help: 'Orders by country.', labelNames: ['country'] });
const duration = new Histogram({ name: 'order_duration_seconds', help: 'Duration of an order.', buckets: [0.1, 1] });

// The added line. Your own `/metrics` route can stay, and returns the same values.
const server = await startMetricsServer({ port: 0 });

orders.inc({ country: 'de' });
orders.labels('at').inc(2);
duration.observe(0.5);

console.log(await register.getSingleMetricAsString('orders_total'));

// Another thread scrapes while the main thread is blocked.
const done = new Int32Array(new SharedArrayBuffer(4));
const scraper = `
  const { parentPort, workerData } = require('node:worker_threads');
  fetch(workerData.url)
    .then((response) => response.text())
    .then((text) => parentPort.postMessage(text))
    .finally(() => {
      Atomics.store(workerData.done, 0, 1);
      Atomics.notify(workerData.done, 0);
    });`;
const workerData = { url: `${server.url}/metrics`, done };
const thread = new Worker(scraper, { eval: true, execArgv: [], workerData });
const scraped = new Promise<string>((resolve) => thread.once('message', resolve));
Atomics.wait(done, 0, 0, 10_000);

console.log('Scraped while the main thread was blocked:');
for (const line of (await scraped).split('\n')) {
  if (/^(orders_total|order_duration_seconds_count)/.test(line)) console.log(line);
}
await server.close();
