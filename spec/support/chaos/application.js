// An application that counts requests in its main thread and in short-lived threads until it gets a message. It serves
// its metrics and writes them to a file. At the end, it sends its own totals.
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import promClient from 'prom-client';
import { registry, startMetricsServer, TrackRequest, writeMetricsFile } from '../../../lib/core/dist/index.js';

class Client {
  async ask(number) {
    if (number % 7 === 0) await sleep(1);
    if (number % 5 === 0) throw new RangeError('planned');
    return { prompt_eval_count: 3, eval_count: 2 };
  }
}
const descriptor = Object.getOwnPropertyDescriptor(Client.prototype, 'ask');
Object.defineProperty(
  Client.prototype,
  'ask',
  TrackRequest({ model: 'm' })(Client.prototype, 'ask', descriptor) ?? descriptor,
);
const client = new Client();

async function ask(count) {
  let failed = 0;
  for (let number = 0; number < count; number++) await client.ask(number).catch(() => failed++);
  return { asked: count, failed };
}

if (!isMainThread) {
  parentPort.postMessage(await ask(50));
  parentPort.close();
} else {
  const totals = { asked: 0, failed: 0, files: 0, unwritten: 0, failedThreads: 0 };
  const add = ({ asked, failed }) => {
    totals.asked += asked;
    totals.failed += failed;
  };
  let isRunning = true;
  const own = new promClient.Gauge({ name: 'own_gauge', help: 'A metric of the application.', registers: [registry] });
  own.set(1);
  const server = await startMetricsServer({ port: 0 });
  const work = async () => {
    while (isRunning) {
      add(await ask(20));
      await sleep(1);
    }
  };
  const threads = async () => {
    while (isRunning) {
      const thread = new Worker(new URL(import.meta.url), { execArgv: [] });
      // A thread that cannot open its files fails before it counts anything.
      thread.on('error', () => totals.failedThreads++);
      thread.on('message', add);
      await new Promise((resolve) => thread.once('exit', resolve));
    }
  };
  const files = async () => {
    while (isRunning) {
      await writeMetricsFile(process.argv[2]).then(
        () => totals.files++,
        () => totals.unwritten++,
      );
      await sleep(20);
    }
  };
  const all = Promise.all([work(), threads(), files()]);
  process.on('message', async () => {
    isRunning = false;
    await all;
    process.send(totals);
  });
  process.on('disconnect', () => process.exit());
  process.send({ url: server.url });
}
