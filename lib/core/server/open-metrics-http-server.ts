import { createHttpServer, type HttpServer } from './http-server.js';
import { LandingPage } from './landing-page.js';
import { createRequestHandler, type RequestHandlerOptions } from './request-handler.js';
import type { ListenAddress } from './scrape-protocol.js';
import { openWebConfig } from './web-config/web-config.js';

/** What an HTTP server of metrics works with. */
export interface MetricsHttpServerOptions extends Omit<RequestHandlerOptions, 'page'> {
  /** Told of what could not be answered, and of a changed web configuration that cannot be taken. */
  readonly onProblem: (error: Error) => void;
}

/**
 * Makes the HTTP server of metrics, in whichever thread it runs; it does not listen yet.
 *
 * @throws {WebConfigError} when the web configuration cannot be taken.
 */
export async function openMetricsHttpServer(
  { webConfigFile, page }: Pick<ListenAddress, 'webConfigFile' | 'page'>,
  options: MetricsHttpServerOptions,
): Promise<HttpServer> {
  const { onProblem } = options;
  return createHttpServer({
    handler: createRequestHandler({ ...options, page: page && new LandingPage(page) }),
    onError: (error) => onProblem(error instanceof Error ? error : new Error(String(error))),
    ...(webConfigFile === undefined ? {} : { webConfig: await openWebConfig(webConfigFile, { onProblem }) }),
  });
}
