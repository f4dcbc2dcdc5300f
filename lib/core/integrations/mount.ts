import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { followRegistry } from '../aggregation/follow-registry.js';
import { checkOptionTypes } from '../errors/check-option-types.js';
import { IntegrationError } from '../errors/errors.js';
import type { NegotiationOptions } from '../formats/negotiate.js';
import { type SharedRegistry, registry as sharedRegistry } from '../metrics/shared-registry.js';
import { foreignMetricsOf } from '../server/foreign-metrics.js';
import { respondPlainly } from '../server/plain-response.js';
import { ScrapeSource } from '../server/scrape-source.js';
import type { SharedScrapes } from '../server/shared-scrapes.js';

/** Which metrics to mount, and where. */
export interface MountOptions {
  /** Path of the metrics. Default: `/metrics`. */
  readonly path?: string | undefined;
  /** The registry to serve. Default: the shared registry. */
  readonly registry?: SharedRegistry | undefined;
  /** Whether clients that request OpenMetrics 2.0, a release candidate, get it. Default: false. */
  readonly openMetrics2?: boolean | undefined;
}

/** Responds to a scrape in Express, or in any framework that passes on Node's own request and response objects. */
export type MetricsHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The part of a Fastify reply that is used here. */
interface Reply {
  headers(headers: object): Reply;
  readonly raw: ServerResponse;
  code(status: number): Reply;
  send(body: string | Uint8Array | Readable): unknown;
}

type FastifyHandler = (request: { readonly raw: IncomingMessage }, reply: Reply) => Promise<unknown>;

/** Where a framework registers the handler of a path. */
interface Routes {
  get(path: string, handler: MetricsHandler | FastifyHandler): unknown;
}

/**
 * Serves the metrics at a path of an existing Fastify, Express or Nest application. Call it before the application
 * listens.
 *
 * Formats and compression are the same as with `startMetricsServer`. Two things differ: scrapes are rendered in the
 * application's own thread, and the application controls access.
 *
 * @throws {IntegrationError} if the application is none of these.
 * @throws {MetricsConfigurationError} if an option is unknown or has the wrong type.
 */
export function mount(application: object, options: MountOptions = {}): void {
  checkOptionTypes('mount', options, { path: 'string', registry: 'object', openMetrics2: 'boolean' });
  const { path = '/metrics', registry = sharedRegistry, openMetrics2 } = options;
  const { routes, isFastify } = routesOf(application);
  const source = new ScrapeSource(foreignMetricsOf(registry));
  followRegistry(registry, source.gatherer);
  const scrapes = sharedScrapes(source, { openMetrics2 });
  routes.get(path, isFastify ? fastifyHandler(scrapes) : nodeHandler(scrapes));
}

function routesOf(application: unknown): { readonly routes: Routes; readonly isFastify: boolean } {
  const { getHttpAdapter, get, route, decorateReply } = Object(application) as Record<string, unknown>;
  if (typeof getHttpAdapter === 'function') {
    const adapter = getHttpAdapter.call(application) as Routes & { getType?(): string };
    return { routes: adapter, isFastify: adapter.getType?.() === 'fastify' };
  }
  if (typeof get === 'function' && typeof route === 'function') {
    return { routes: application as Routes, isFastify: typeof decorateReply === 'function' };
  }
  throw new IntegrationError(
    `mount got ${describeValue(application)}; expected an application of Fastify, Express or Nest.` +
      ' Without such an application, call startMetricsServer().',
  );
}

function describeValue(value: unknown): string {
  if (value !== Object(value)) return value === null ? 'null' : `a value of type ${typeof value}`;
  return `${typeof value === 'function' ? 'a function' : 'an object'} without the methods "get" and "route"`;
}

function nodeHandler(scrapes: () => Promise<SharedScrapes>): MetricsHandler {
  return async (request, response) => {
    try {
      const { sendScrape } = await import('../server/request-handler.js');
      await sendScrape(request, response, await scrapes());
    } catch {
      // Some frameworks don't handle the rejection of a handler, which would end the process.
      if (response.headersSent) response.destroy();
      else respondPlainly(response, 500, { text: 'The metrics could not be rendered.' });
    }
  };
}

function fastifyHandler(scrapes: () => Promise<SharedScrapes>): FastifyHandler {
  return async ({ raw }, reply) => {
    const { renderScrapeResponse } = await import('../server/render-scrape-response.js');
    const answer = await renderScrapeResponse(raw, await scrapes(), () => reply.raw.destroy());
    if (answer === undefined) {
      return reply.code(503).headers({ 'Retry-After': '1' }).send('Too many scrapes wait for slow clients; try again.');
    }
    const { headers, content, release } = answer;
    if (reply.raw.destroyed) release();
    else reply.raw.once('close', release);
    const body = content instanceof Uint8Array ? content : Readable.from(copyPieces(content), { objectMode: false });
    return reply.headers(headers).send(body);
  };
}

/** Copies pieces that share their memory, because a stream requests a piece before the previous piece is sent. */
async function* copyPieces(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of pieces) yield Uint8Array.from(piece);
}

/** Loads the code for rendering only when the first scrape arrives, so that importing the package stays fast. */
function sharedScrapes(source: ScrapeSource, options: NegotiationOptions): () => Promise<SharedScrapes> {
  let scrapes: Promise<SharedScrapes> | undefined;
  return () => {
    scrapes ??= import('../server/shared-scrapes.js').then(({ SharedScrapes }) => new SharedScrapes(source, options));
    return scrapes;
  };
}
