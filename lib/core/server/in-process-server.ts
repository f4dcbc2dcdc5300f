import { followRegistry, unfollowRegistry } from '../aggregation/follow-registry.js';
import type { SharedRegistry } from '../metrics/shared-registry.js';
import { foreignMetricsOf } from './foreign-metrics.js';
import type { HttpServer } from './http-server.js';
import { openMetricsHttpServer } from './open-metrics-http-server.js';
import type { Route } from './request-handler.js';
import type { ListenAddress } from './scrape-protocol.js';
import { type AdditionalMetrics, ScrapeSource } from './scrape-source.js';
import type { StartableServer } from './startable-server.js';

/** Metrics and routes that a package adds to a metrics server. For example, the hub adds pushes. */
export interface ServerExtension {
  /** Metrics that are served with those of the registry. */
  readonly metrics: AdditionalMetrics;
  /** Handles requests first. It resolves to whether it handled the request. */
  readonly route: Route;
}

/** Options of an in-process server. */
export interface InProcessOptions {
  readonly registry: SharedRegistry;
  readonly extension: ServerExtension | undefined;
  /** Called after each completed scrape with its start time, in Unix milliseconds. */
  readonly onScrape: (began: number) => void;
  readonly onProblem: (error: Error) => void;
}

/** Serves metrics, including those of an extension, from the current thread. */
export function serveInProcess(address: ListenAddress, options: InProcessOptions): StartableServer {
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
