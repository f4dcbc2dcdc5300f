import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type ApiKeys, answerClientError, Connections, ExchangeQueue, isExpectedHost } from 'tinyllm/server';
import { BufferedBytes } from './buffered-bytes.js';
import { ChatLog, type ChatLogger } from './chat-log.js';
import type { ChatModels } from './chat-models.js';
import { addChatRoutes } from './chat-routes.js';
import type { Phase } from './phase.js';
import { refusal } from './refusal.js';
import { closing } from './refusal-of.js';
import { refuse } from './refuse.js';
import { requestRefusalOf } from './request-refusal-of.js';

/** What the application answers with, and whom. */
export interface ChatApplicationOptions {
  readonly models: ChatModels;
  readonly phase: Phase;
  /** Who may ask; default everybody. */
  readonly apiKeys: ApiKeys | undefined;
  /** Whether it listens for this machine alone. */
  readonly isLocal: boolean;
  /** How long an answer may take. */
  readonly deadlineSeconds: number;
  /** Bytes of a request's body. */
  readonly bodyLimit: number;
  readonly pingSeconds: number;
  readonly stallSeconds: number;
  readonly maxConnections: number;
  readonly logger: ChatLogger | undefined;
  readonly logPrompts: boolean;
}

/** For a client to send its request, in milliseconds. */
const requestTimeout = 60_000;
/** For how many seconds more than an answer may take a connection may be still before it is cut. */
const slack = 60;
/** Bytes of all requests together whose body is not complete, and of all answers that are not read yet. */
const mostBuffered = 64 * 1024 ** 2;
/** What is logged of a path, in characters. */
const longestPath = 200;
/** In milliseconds. */
const longestTimer = 2 ** 31 - 1;
/** Between two requests of a connection, in milliseconds; longer than proxies commonly keep theirs. */
const keepAliveTimeout = 75_000;

/** The HTTP side of the chat server; it does not listen yet. */
export function chatApplication(options: ChatApplicationOptions): FastifyInstance {
  const { models, phase, apiKeys, isLocal, deadlineSeconds, bodyLimit, logger, logPrompts } = options;
  const { pingSeconds, stallSeconds, maxConnections } = options;
  const bodies = new BufferedBytes<IncomingMessage>(mostBuffered);
  const unread = new BufferedBytes<ServerResponse>(mostBuffered);
  const connections = new Connections(maxConnections);
  const logs = new WeakMap<FastifyRequest, ChatLog>();
  const logOf = (request: FastifyRequest): ChatLog => {
    const { id, method, url } = request;
    const log = logs.get(request) ?? new ChatLog(logger, logPrompts, { id, path: `${method} ${pathOf(url)}` });
    logs.set(request, log);
    return log;
  };
  const app = fastify({
    bodyLimit,
    requestTimeout,
    connectionTimeout: Math.min((deadlineSeconds + slack) * 1000, longestTimer),
    keepAliveTimeout,
    genReqId: ({ headers }) => requestId(headers),
    clientErrorHandler: (error, socket) => {
      answerClientError(error, socket, connections.worksOn(socket).length > 0);
    },
    // Of a path that cannot be read; no hook runs before it.
    frameworkErrors: (error, request, reply) => {
      const refused = requestRefusalOf(error);
      const log = logOf(request);
      log.refused(refused);
      reply.raw.once('close', () => log.end(refused.status, true));
      void refuse(reply.header('x-request-id', request.id), refused);
    },
  });
  app.removeContentTypeParser('text/plain');

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (phase.isDraining) reply.header('connection', 'close');
    if (probes.has(pathOf(request.url))) return;
    const { raw } = reply;
    const log = logOf(request);
    // A response that was written completely also emits `finish` if its connection closes before it is sent.
    let isWhole = false;
    raw.once('finish', () => {
      isWhole = !request.socket.destroyed;
    });
    raw.once('close', () => log.end(raw.statusCode, isWhole));
    if (phase.isClosing) {
      log.refused(closing());
      return refuse(reply, closing());
    }
    raw.once('close', phase.begin());
    // Protects against DNS rebinding. A web page has no key, so requests with keys need no check.
    if (isLocal && apiKeys === undefined && !isExpectedHost(request.headers.host)) {
      log.refused(foreignHost);
      return refuse(reply, foreignHost);
    }
    const client = apiKeys?.holderOf(request.headers.authorization);
    if (client !== undefined) log.client(client);
    else if (apiKeys !== undefined) {
      const message = 'An API key is asked for here; send it as Authorization: Bearer KEY.';
      const denied = refusal(401, { message, code: 'invalid_api_key' });
      log.refused(denied);
      return refuse(reply, denied);
    }
    // Requests without a key must not displace those with one.
    bodies.add(request.raw, Math.min(statedLength(request.headers), bodyLimit));
    request.raw.once('end', () => bodies.remove(request.raw));
  });
  app.addHook('onSend', async (_request, { raw }, payload) => {
    if (typeof payload !== 'string') return;
    const bytes = Buffer.byteLength(payload);
    unread.add(raw, bytes);
    raw.once('finish', () => unread.remove(raw, bytes));
    // Node closes a connection over which no byte was sent for so long.
    raw.setTimeout(Math.min(stallSeconds * 1000, longestTimer));
  });
  app.setErrorHandler((error, request, reply) => {
    const refused = requestRefusalOf(error);
    logOf(request).failed(error, refused);
    return refuse(reply, refused);
  });
  app.setNotFoundHandler((request, reply) => {
    const message = 'There is nothing at this method and path; expected POST /v1/chat/completions or GET /v1/models.';
    const unknown = refusal(404, { message, code: 'unknown_url' });
    logOf(request).refused(unknown);
    return refuse(reply, unknown);
  });
  app.get('/healthz', () => ({ status: 'alive' }));
  app.get('/readyz', (_request, reply) => {
    return phase.isDraining ? reply.code(503).send({ status: 'draining' }) : { status: 'ready' };
  });
  addChatRoutes(app, { models, streams: { pingSeconds, stallSeconds, unread }, logOf });
  limitConnections(app.server, connections);
  return app;
}

/** Limits the connections of a server, and the exchanges of each connection to one at a time. */
function limitConnections(server: Server, connections: Connections): void {
  server.prependListener('connection', (socket: Socket) => connections.add(socket));
  new ExchangeQueue().attach(server);
  server.prependListener('request', ({ socket }, response) => {
    response.once('close', connections.begin(socket, response));
  });
}

/** The length of a body in bytes, as far as its request states it. */
function statedLength(headers: IncomingHttpHeaders): number {
  return headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : Number.POSITIVE_INFINITY;
}

const foreignHost = refusal(403, {
  message: 'The server listens for its own machine alone, and Host names another; use 127.0.0.1, or API keys.',
  code: 'unexpected_host',
});

/** Without the query, which may hold a key, and not at any length. */
function pathOf(url: string): string {
  return url.split('?', 1)[0]?.slice(0, longestPath) ?? '';
}

/** Asked every few seconds by whoever runs the server, with no key; they are neither logged nor waited for. */
const probes: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** Plain enough to stand in a header, a log and an identifier. */
const plain = /^[A-Za-z0-9_.:-]{1,128}$/;

/** A request's id: its `X-Request-Id` where that is 1 to 128 letters, digits, `_`, `.`, `:` or `-`, else a new one. */
export function requestId({ 'x-request-id': given }: IncomingHttpHeaders): string {
  return typeof given === 'string' && plain.test(given) ? given : randomUUID();
}
