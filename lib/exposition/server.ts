import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { catalog } from '../catalog.js';
import type { Histogram } from '../metrics/histogram.js';
import { isInstrument } from '../metrics/instrument.js';
import { type SharedRegistry, registry as sharedRegistry } from '../metrics/shared-registry.js';
import { Timer } from '../metrics/timer.js';
import { listen } from './listen.js';
import { renderText } from './render.js';
import { TEXT_CONTENT_TYPE } from './text.js';

/** How to serve metrics. */
export interface MetricsServerOptions {
  /** 0 picks a free one; default 9090. */
  readonly port?: number;
  /** Address to listen on; default 127.0.0.1, which only this machine reaches. */
  readonly host?: string;
  /** What to serve; default the shared registry. */
  readonly registry?: SharedRegistry;
  /** Called after each scrape that was answered. */
  readonly onScrape?: () => void;
}

/** A running metrics server. */
export interface MetricsServer {
  /** Where it listens, without a path: `http://127.0.0.1:9090`. */
  readonly url: string;
  readonly port: number;
  /** Finishes the answers under way, for up to a second, and stops listening. */
  close(): Promise<void>;
}

const CLOSE_GRACE_MILLISECONDS = 1_000;
const PLAIN = 'text/plain; charset=utf-8';

/**
 * Serves `/metrics` in the Prometheus text format, and `/-/healthy` and `/-/ready` for probes.
 *
 * `/` answers like `/metrics`, so that the server's bare URL can be fetched as well.
 *
 * @throws {ListenError} when the address cannot be listened on.
 */
export async function startMetricsServer(options: MetricsServerOptions = {}): Promise<MetricsServer> {
  const { port = 9_090, host = '127.0.0.1', registry = sharedRegistry, onScrape = () => {} } = options;
  const underWay = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
    answer(request, response, registry).then((scraped) => {
      if (scraped) response.once('finish', onScrape);
    });
  });
  const actualPort = await listen(server, host, port);
  let closed: Promise<void> | undefined;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    port: actualPort,
    close: () => {
      closed ??= close(server, underWay);
      return closed;
    },
  };
}

/** Answers one request; resolves to whether it was a scrape that succeeded, which a HEAD, having no numbers, is not. */
async function answer(request: IncomingMessage, response: ServerResponse, registry: SharedRegistry): Promise<boolean> {
  const path = request.url?.split('?', 1)[0];
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response
      .writeHead(405, { Allow: 'GET, HEAD', 'Content-Type': PLAIN })
      .end('Only GET and HEAD are answered here.\n');
    return false;
  }
  switch (path) {
    case '/':
    case '/metrics':
      return (await scrape(response, registry)) && request.method === 'GET';
    case '/-/healthy':
    case '/-/ready':
      response.writeHead(200, { 'Content-Type': PLAIN }).end('OK\n');
      return false;
    default:
      response.writeHead(404, { 'Content-Type': PLAIN }).end('Nothing is here; the metrics are at /metrics.\n');
      return false;
  }
}

async function scrape(response: ServerResponse, registry: SharedRegistry): Promise<boolean> {
  const timer = new Timer((seconds) => {
    const histogram: unknown = registry.getSingleMetric(catalog.scrapeDuration.name);
    if (isInstrument(histogram)) (histogram as Histogram).series().observe(seconds);
  });
  try {
    const text = await renderText(registry);
    response.writeHead(200, { 'Content-Type': TEXT_CONTENT_TYPE, 'Content-Length': Buffer.byteLength(text) }).end(text);
    return true;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    response.writeHead(500, { 'Content-Type': PLAIN }).end(`The metrics could not be rendered: ${problem}\n`);
    return false;
  } finally {
    timer.end();
  }
}

async function close(server: Server, underWay: Iterable<ServerResponse>): Promise<void> {
  const grace = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MILLISECONDS);
  await Promise.all([...underWay].map((response) => new Promise((resolve) => response.once('close', resolve))));
  clearTimeout(grace);
  // Not before: a server that closes cuts off every answer that is written, though not yet sent.
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
