import { parentPort } from 'node:worker_threads';
import { CLUSTER_DEADLINE_MILLISECONDS, isClusterSegment } from '../aggregation/cluster-protocol.js';
import { Questions } from '../aggregation/questions.js';
import { FOREIGN_DEADLINE_MILLISECONDS, FOREIGN_DELAYED_MILLISECONDS } from '../metrics/collect-foreign.js';
import type { HttpServer } from './http-server.js';
import { openMetricsHttpServer } from './open-metrics-http-server.js';
import type { FromScrapeThread, ListenAddress, ToScrapeThread } from './scrape-protocol.js';
import type { ScrapeQuery } from './scrape-query.js';
import { ScrapeSource } from './scrape-source.js';

// The code of the scrape thread. It reads the shared segments and answers scrapes, even while the main thread is busy.

const tell = (message: FromScrapeThread): void => parentPort?.postMessage(message);
const foreign = new Questions<ScrapeQuery, string>(FOREIGN_DEADLINE_MILLISECONDS, (question, query) =>
  tell({ type: 'foreign', question, query }),
);
const cluster = new Questions<void, true>(CLUSTER_DEADLINE_MILLISECONDS, (question) =>
  tell({ type: 'refresh', question }),
);
const clusterSegments = new Set<number>();
const source = new ScrapeSource({
  refresh: async () => {
    if (clusterSegments.size > 0) await cluster.ask();
  },
  isThere: (gatherer) => gatherer.hasForeign,
  add: async (families, query) => {
    const text = await foreign.ask(query);
    return text === undefined ? undefined : { families, text };
  },
});
const onScrape = (began: number): void => tell({ type: 'scraped', began });
const onProblem = ({ message }: Error): void => tell({ type: 'problem', message });
let server: HttpServer | undefined;
let listening: Promise<void> | undefined;

async function listen(address: ListenAddress): Promise<void> {
  try {
    server = await openMetricsHttpServer(address, { source, onScrape, onProblem });
    tell({ type: 'listening', port: await server.listen(address.host, address.port) });
  } catch (error) {
    tell({ type: 'refused', message: error instanceof Error ? error.message : String(error) });
  }
}

async function hear(message: ToScrapeThread): Promise<void> {
  switch (message.type) {
    case 'segment':
      if (isClusterSegment(message.number)) clusterSegments.add(message.number);
      source.gatherer.add(message.number, message.buffer, message.index);
      break;
    case 'retire':
      clusterSegments.delete(message.number);
      source.gatherer.retire(message.number);
      break;
    case 'foreign':
      foreign.answer(message.question, message.text);
      break;
    case 'foreign-delayed':
      foreign.extend(message.question, FOREIGN_DELAYED_MILLISECONDS);
      break;
    case 'refreshed':
      cluster.answer(message.question, true);
      break;
    case 'listen':
      listening = listen(message.address);
      break;
    case 'close':
      // A server can be closed only after it has started to listen.
      await listening;
      await server?.close();
      // The main thread terminates this one: `parentPort.close` does not exist in Deno.
      tell({ type: 'closed' });
  }
}

parentPort?.on('message', hear);
