// One scrape of the primary includes two cluster workers. This file is also the code of the workers.
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { startMetricsServer, TrackNode } from 'tinyllm';

class Summarizer {
  readonly id = 'summarizer';

  @TrackNode({ graph: 'reports' })
  async execute(text: string) {
    return text.split('.')[0];
  }
}

async function work() {
  await new Summarizer().execute('It rained. Then it stopped.');
  process.exit();
}

async function scrape() {
  // Start the server before the workers, so that it includes all their counts.
  const server = await startMetricsServer({ port: 0 });
  const workers: Worker[] = [cluster.fork(), cluster.fork()];
  await Promise.all(workers.map((worker) => once(worker, 'exit')));

  // Both workers have exited. Their counts remain.
  const text = await (await fetch(`${server.url}/metrics`)).text();
  console.log(text.split('\n').find((line) => line.startsWith('tinyllm_node_executions_total{')));
  await server.close();
}

await (cluster.isPrimary ? scrape() : work());
