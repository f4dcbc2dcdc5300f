// One scrape includes two executors in separate threads. This file is also the code of the threads.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { startMetricsServer, TrackNode } from 'tinyllm';

class Summarizer {
  readonly id = 'summarizer';

  @TrackNode({ graph: 'reports' })
  async execute(text: string) {
    return text.split('.')[0];
  }
}

async function work(texts: readonly string[]) {
  const summarizer = new Summarizer();
  for (const text of texts) await summarizer.execute(text);
}

async function scrape() {
  const server = await startMetricsServer({ port: 0 });
  const file = fileURLToPath(import.meta.url);
  const workers = [['It rained. Then it stopped.'], ['One. Two.', 'Three. Four.']].map(
    (workerData) => new Worker(file, { workerData }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'exit')));

  // Both threads have exited. Their counts remain.
  const text = await (await fetch(`${server.url}/metrics`)).text();
  console.log(text.split('\n').find((line) => line.startsWith('tinyllm_node_executions_total{')));
  await server.close();
}

await (isMainThread ? scrape() : work(workerData));
