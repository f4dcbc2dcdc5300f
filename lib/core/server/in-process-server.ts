import { followRegistry, unfollowRegistry } from '../aggregation/follow-registry.js';
import type { SharedRegistry } from '../metrics/shared-registry.js';
import { foreignMetricsOf } from './foreign-metrics.js';
import type { HttpServer } from './http-server.js';
import { openMetricsHttpServer } from './open-metrics-http-server.js';
import type { Route } from './request-handler.js';
import type { ListenAddress } from './scrape-protocol.js';
import { type AdditionalMetrics, ScrapeSource } from './scrape-source.js';
import type { Serving } from './serving.js';

/** What a package adds to a metrics server, such as the hub its pushes. */
export interface ServerExtension {
  /** Served with the metrics of the registry. */
  readonly metrics: AdditionalMetrics;
  /** Answers requests before the metrics server does; resolves to whether it answered. */
  readonly route: Route;
}

/** What to serve, and who is notified. */
export interface InProcessOptions {
  readonly registry: SharedRegistry;
  readonly extension: ServerExtension | undefined;
  readonly onScrape: (began: number) => void;
  readonly onProblem: (error: Error) => void;
}

/** Serves metrics, and those of an extension, from the application's own thread. */
export function serveInProcess(address: ListenAddress, options: InProcessOptions): Serving {
  const { registry, extension, onScrape, onProblem } = options;
  const source = new ScrapeSource(extension?.metrics ?? foreignMetricsOf(registry));
  let server: HttpServer | undefined;
  return {
    start: async () => {
      server = await openMetricsHttpServer(address, { source, onScrape, onProblem, route: extension?.route });
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
