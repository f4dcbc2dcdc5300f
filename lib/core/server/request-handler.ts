import type { IncomingMessage, ServerResponse } from 'node:http';
import { prefersHtml } from '../formats/negotiate.js';
import type { HttpHandler } from './http-server.js';
import type { LandingPage } from './landing-page.js';
import { respondBusy, respondPlainly } from './plain-response.js';
import { renderScrapeResponse } from './render-scrape-response.js';
import type { ScrapeSource } from './scrape-source.js';
import { SharedScrapes } from './shared-scrapes.js';
import { writeBody } from './write-body.js';

/** Handles a request if it is for this route. Resolves to whether it handled the request. */
export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** Options of a request handler. */
export interface RequestHandlerOptions {
  readonly source: ScrapeSource;
  /**
   * Called after each completed scrape with its start time, in Unix milliseconds.
   *
   * Not called for HEAD requests and for scrapes by the landing page.
   */
  readonly onScrape: (began: number) => void;
  /** Handles requests before the default routes. */
  readonly route?: Route | undefined;
  /** The page for browsers at `/`; default the metrics. */
  readonly page?: LandingPage | undefined;
  /** Whether OpenMetrics 2.0 is offered; default false. */
  readonly openMetrics2?: boolean | undefined;
}

/**
 * Creates the handler for `/metrics`, `/` (the page or the metrics), the probes `/-/healthy` and `/-/ready`, and
 * `/-/problems` (mistakes of the application, as JSON).
 */
export function createRequestHandler(options: RequestHandlerOptions): HttpHandler {
  const { source, onScrape, route, page, openMetrics2 } = options;
  const scrapes = new SharedScrapes(source, { openMetrics2 });
  const scrape = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const began = Date.now();
    const isReceived = await sendScrape(request, response, scrapes);
    if (isReceived && request.method === 'GET' && !isFromLandingPage(request)) onScrape(began);
  };
  return async (request, response) => {
    if (await route?.(request, response)) return;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const headers = { Allow: 'GET, HEAD' };
      respondPlainly(response, 405, { text: 'Method not allowed; use GET or HEAD.', headers });
      return;
    }
    switch (pathOf(request)) {
      case '/':
        if (page !== undefined && prefersHtml(request.headers.accept, { openMetrics2 }))
          await page.answer(request, response);
        else await scrape(request, response);
        return;
      case '/metrics':
        await scrape(request, response);
        return;
      case '/-/healthy':
      case '/-/ready':
        respondPlainly(response, 200, { text: 'OK' });
        return;
      case '/-/problems':
        source.gatherer.families();
        respondPlainly(response, 200, {
          text: JSON.stringify({ problems: source.gatherer.problems }),
          headers: { 'Content-Type': 'application/json; charset=utf-8' },
        });
        return;
      default:
        respondPlainly(response, 404, { text: 'Not found; the metrics are at /metrics.' });
    }
  };
}

/** The path without the query and the trailing slash of `/metrics/`. A proxy may send the whole URL as the target. */
function pathOf({ url = '/' }: IncomingMessage): string {
  const path = url.replace(/^https?:\/\/[^/?]*/, '').split('?', 1)[0] ?? '';
  return path === '/metrics/' ? '/metrics' : path || '/';
}

/**
 * Whether the landing page sent the scrape.
 *
 * `onScrape` is not called for such scrapes: some commands of the CLI use `onScrape` to wait for a scrape by Prometheus
 * before they end.
 */
function isFromLandingPage({ url = '' }: IncomingMessage): boolean {
  return new URLSearchParams(url.split('?', 2)[1]).has('look');
}

/**
 * Sends a scrape, or status 503 if too many bytes wait to be sent.
 *
 * Resolves to whether the client received all of it.
 */
export async function sendScrape(
  request: IncomingMessage,
  response: ServerResponse,
  scrapes: SharedScrapes,
): Promise<boolean> {
  const scrape = await renderScrapeResponse(request, scrapes, () => response.destroy());
  if (scrape === undefined) {
    respondBusy(response, 'Too many scrapes wait for slow clients; retry in 1 s.');
    return false;
  }
  try {
    if (response.destroyed) return false;
    response.writeHead(200, scrape.headers);
    return await writeBody(response, scrape.content);
  } finally {
    scrape.release();
  }
}
