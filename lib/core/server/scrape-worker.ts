import { parentPort } from 'node:worker_threads';
import { CLUSTER_DEADLINE_MILLISECONDS, isClusterSegment } from '../aggregation/cluster-protocol.js';
import { PendingReplies } from '../aggregation/pending-replies.js';
import { FOREIGN_DEADLINE_MILLISECONDS, FOREIGN_DELAYED_MILLISECONDS } from '../metrics/collect-foreign.js';
import type { HttpServer } from './http-server.js';
import { openMetricsHttpServer } from './open-metrics-http-server.js';
import type { FromScrapeThread, ListenAddress, ToScrapeThread } from './scrape-protocol.js';
import type { ScrapeQuery } from './scrape-query.js';
import { ScrapeSource } from './scrape-source.js';

// The code of the scrape thread. It reads the shared segments and serves scrapes even while the main thread is busy.

const send = (message: FromScrapeThread): void => parentPort?.postMessage(message);
const foreign = new PendingReplies<ScrapeQuery, Uint8Array>(FOREIGN_DEADLINE_MILLISECONDS, (requestId, query) =>
  send({ type: 'foreign', requestId, query }),
);
const cluster = new PendingReplies<void, true>(CLUSTER_DEADLINE_MILLISECONDS, (requestId) =>
  send({ type: 'refresh', requestId }),
);
const clusterSegments = new Set<number>();
const source = new ScrapeSource({
  refresh: async () => {
    if (clusterSegments.size > 0) await cluster.request();
  },
  isThere: (gatherer) => gatherer.hasForeign,
  add: async (readFamilies, query) => {
    const rest = await foreign.request(query);
    return rest === undefined ? undefined : { families: readFamilies(), rest };
  },
});
const onScrape = (began: number): void => send({ type: 'scraped', began });
const onProblem = ({ message }: Error): void => send({ type: 'problem', message });
let server: HttpServer | undefined;
let listening: Promise<void> | undefined;

async function listen(address: ListenAddress): Promise<void> {
  try {
    server = await openMetricsHttpServer(address, { source, onScrape, onProblem });
    send({ type: 'listening', port: await server.listen(address.host, address.port) });
  } catch (error) {
    send({ type: 'listen-failed', message: error instanceof Error ? error.message : String(error) });
  }
}

async function onMessage(message: ToScrapeThread): Promise<void> {
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
      foreign.resolve(message.requestId, message.content);
      break;
    case 'foreign-delayed':
      foreign.extend(message.requestId, FOREIGN_DELAYED_MILLISECONDS);
      break;
    case 'refreshed':
      cluster.resolve(message.requestId, true);
      break;
    case 'listen':
      listening = listen(message.address);
      break;
    case 'close':
      // A server can only be closed after it has started to listen.
      await listening;
      await server?.close();
      // The main thread terminates this thread, because `parentPort.close` does not exist in Deno.
      send({ type: 'closed' });
  }
}

parentPort?.on('message', onMessage);
