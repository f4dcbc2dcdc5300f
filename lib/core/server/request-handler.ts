import type { IncomingMessage, ServerResponse } from 'node:http';
import { prefersHtml } from '../formats/negotiate.js';
import { answerScrape } from './answer-scrape.js';
import type { HttpHandler } from './http-server.js';
import type { LandingPage } from './landing-page.js';
import { respondBusy, respondPlainly } from './plain-response.js';
import type { ScrapeSource } from './scrape-source.js';
import { SharedScrapes } from './shared-scrapes.js';
import { writeBody } from './write-body.js';

/** Answers a request if the request is for it; resolves to whether it answered. */
export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** What a request handler works with. */
export interface RequestHandlerOptions {
  readonly source: ScrapeSource;
  /** Called after each scrape that was answered with numbers, which one by HEAD is not, nor one by the landing page. */
  readonly onScrape: (began: number) => void;
  /** Asked first. */
  readonly route?: Route | undefined;
  /** What a browser gets at `/`; default the metrics, like everybody. */
  readonly page?: LandingPage | undefined;
}

/** Answers `/metrics`, `/` with the page or like it, and the probes `/-/healthy` and `/-/ready`. */
export function createRequestHandler({ source, onScrape, route, page }: RequestHandlerOptions): HttpHandler {
  const scrapes = new SharedScrapes(source);
  const scrapeAndTell = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const began = Date.now();
    const isTaken = await sendScrape(request, response, scrapes);
    if (isTaken && request.method === 'GET' && !isLook(request)) onScrape(began);
  };
  return async (request, response) => {
    if (await route?.(request, response)) return;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const headers = { Allow: 'GET, HEAD' };
      respondPlainly(response, 405, { text: 'Only GET and HEAD are answered here.', headers });
      return;
    }
    switch (pathOf(request)) {
      case '/':
        if (page !== undefined && prefersHtml(request.headers.accept)) await page.answer(request, response);
        else await scrapeAndTell(request, response);
        return;
      case '/metrics':
        await scrapeAndTell(request, response);
        return;
      case '/-/healthy':
      case '/-/ready':
        respondPlainly(response, 200, { text: 'OK' });
        return;
      default:
        respondPlainly(response, 404, { text: 'Nothing is here; the metrics are at /metrics.' });
    }
  };
}

/** The path without a query or a slash at its end; a proxy may ask with the whole address. */
function pathOf({ url = '/' }: IncomingMessage): string {
  const path = url.replace(/^https?:\/\/[^/?]*/, '').split('?', 1)[0] ?? '';
  return path === '/metrics/' ? '/metrics' : path || '/';
}

/** Who only looks, as the page does, keeps nothing: a run that waits to be scraped goes on waiting. */
function isLook({ url = '' }: IncomingMessage): boolean {
  return new URLSearchParams(url.split('?', 2)[1]).has('look');
}

/** Sends a scrape, or 503 if too many bytes wait to be sent. Resolves to whether the client took all of it. */
export async function sendScrape(
  request: IncomingMessage,
  response: ServerResponse,
  scrapes: SharedScrapes,
): Promise<boolean> {
  const answer = await answerScrape(request, scrapes, () => response.destroy());
  if (answer === undefined) {
    respondBusy(response, 'Too many scrapes wait for slow clients; try again.');
    return false;
  }
  try {
    if (response.destroyed) return false;
    response.writeHead(200, answer.headers);
    return await writeBody(response, answer.content);
  } finally {
    answer.release();
  }
}
