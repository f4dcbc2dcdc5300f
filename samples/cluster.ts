// Two workers of a cluster, under the primary's one scrape. Runs as its own workers.
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
  // Before the workers, so that it hears of them from the beginning.
  const server = await startMetricsServer({ port: 0 });
  const workers: Worker[] = [cluster.fork(), cluster.fork()];
  await Promise.all(workers.map((worker) => once(worker, 'exit')));

  // Both have ended; what they counted stays.
  const text = await (await fetch(`${server.url}/metrics`)).text();
  console.log(text.split('\n').find((line) => line.startsWith('tinyllm_node_executions_total{')));
  await server.close();
}

await (cluster.isPrimary ? scrape() : work());
