import { createHttpServer, type HttpServer } from './http-server.js';
import { LandingPage } from './landing-page.js';
import { createRequestHandler, type RequestHandlerOptions } from './request-handler.js';
import type { ListenAddress } from './scrape-protocol.js';
import { openWebConfig } from './web-config/web-config.js';

/** The options of an HTTP server for metrics. */
export interface MetricsHttpServerOptions extends Omit<RequestHandlerOptions, 'page' | 'openMetrics2'> {
  /** Called with errors of requests, and with the error of a changed web configuration that is invalid. */
  readonly onProblem: (error: Error) => void;
}

/**
 * Creates the HTTP server for metrics in the current thread. It does not listen yet.
 *
 * @throws {WebConfigError} if the web configuration is invalid.
 */
export async function openMetricsHttpServer(
  { webConfigFile, page, openMetrics2 }: Pick<ListenAddress, 'webConfigFile' | 'page' | 'openMetrics2'>,
  options: MetricsHttpServerOptions,
): Promise<HttpServer> {
  const { onProblem } = options;
  return createHttpServer({
    handler: createRequestHandler({ ...options, openMetrics2, page: page && new LandingPage(page) }),
    onError: (error) => onProblem(error instanceof Error ? error : new Error(String(error))),
    ...(webConfigFile === undefined ? {} : { webConfig: await openWebConfig(webConfigFile, { onProblem }) }),
  });
}
