import type { Hub } from '../../hub/server/hub.js';
import { hubBesides } from '../../hub/server/hub-besides.js';
import { createHubHandler } from '../../hub/server/hub-handler.js';
import { followRegistry, unfollowRegistry } from '../aggregation/follow-registry.js';
import type { SharedRegistry } from '../metrics/shared-registry.js';
import { foreignBesides } from './foreign-metrics.js';
import type { HttpServer } from './http-server.js';
import { openMetricsHttpServer } from './open-metrics-http-server.js';
import type { ListenAddress } from './scrape-protocol.js';
import { ScrapeSource } from './scrape-source.js';
import type { Serving } from './serving.js';

/** What to serve, and whom to tell of it. */
export interface InProcessOptions {
  readonly registry: SharedRegistry;
  readonly hub: Hub | undefined;
  readonly onScrape: (began: number) => void;
  readonly onProblem: (error: Error) => void;
}

/** Serves metrics, and a hub if there is one, from the application's own thread. */
export function serveInProcess(address: ListenAddress, options: InProcessOptions): Serving {
  const { registry, hub, onScrape, onProblem } = options;
  const route = hub && createHubHandler(hub);
  const source = new ScrapeSource(hub === undefined ? foreignBesides(registry) : hubBesides(hub, registry));
  let server: HttpServer | undefined;
  return {
    start: async () => {
      server = await openMetricsHttpServer(address, { source, onScrape, onProblem, route });
      const port = await server.listen(address.host, address.port);
      followRegistry(registry, source.gatherer);
      return port;
    },
    close: async () => {
      unfollowRegistry(source.gatherer);
      await server?.close();
    },
  };
}
