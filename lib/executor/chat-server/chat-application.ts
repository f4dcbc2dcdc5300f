import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type ApiKeys, answerClientError, Connections, ExchangeQueue, isExpectedHost } from 'tinyllm/server';
import { BufferedBytes } from './buffered-bytes.js';
import type { ChatLabels } from './chat-labels.js';
import { ChatLog, type ChatLogger } from './chat-log.js';
import type { ChatModels } from './chat-models.js';
import { addChatRoutes } from './chat-routes.js';
import { errorResponse } from './error-response.js';
import type { Phase } from './phase.js';
import { requestErrorResponse } from './request-error-response.js';
import { shuttingDown } from './run-error-response.js';
import { sendError } from './send-error.js';

/** Dependencies and limits of the application. */
export interface ChatApplicationOptions {
  readonly models: ChatModels;
  readonly phase: Phase;
  /** The accepted API keys. `undefined` accepts every client. */
  readonly apiKeys: ApiKeys | undefined;
  readonly labels: ChatLabels;
  /** Whether the server listens on a loopback address only. */
  readonly isLocal: boolean;
  /** Maximum duration of one response, in seconds. */
  readonly deadlineSeconds: number;
  /** Maximum size of a request body, in bytes. */
  readonly bodyLimit: number;
  readonly pingSeconds: number;
  readonly stallSeconds: number;
  readonly maxConnections: number;
  readonly logger: ChatLogger | undefined;
  readonly logPrompts: boolean;
}

/** Maximum time for a client to send its request, in milliseconds. */
const requestTimeout = 60_000;
/** The idle timeout of a connection is the deadline of a response plus this number of seconds. */
const idleMarginSeconds = 60;
/** Maximum total bytes of incomplete request bodies. The same limit applies separately to unread responses. */
const maxBufferedBytes = 64 * 1024 ** 2;
/** Longer paths are truncated in the log. */
const maxPathCharacters = 200;
/** The longest delay that Node's timers accept. */
const maxTimerMilliseconds = 2 ** 31 - 1;
/**
 * The maximum idle time between two requests on a connection, in milliseconds. It is longer than the usual keep-alive
 * timeout of proxies.
 */
const keepAliveTimeout = 75_000;

/** Creates the HTTP application of the chat server, without listening. */
export function chatApplication(options: ChatApplicationOptions): FastifyInstance {
  const { models, phase, apiKeys, isLocal, deadlineSeconds, bodyLimit, logger, logPrompts } = options;
  const { pingSeconds, stallSeconds, maxConnections } = options;
  const bodies = new BufferedBytes<IncomingMessage>(maxBufferedBytes);
  const unread = new BufferedBytes<ServerResponse>(maxBufferedBytes);
  const connections = new Connections(maxConnections);
  const logs = new WeakMap<FastifyRequest, ChatLog>();
  const keyNames = new WeakMap<FastifyRequest, string>();
  const logOf = (request: FastifyRequest): ChatLog => {
    const { id, method, url } = request;
    const log = logs.get(request) ?? new ChatLog(logger, logPrompts, { id, path: `${method} ${pathOf(url)}` });
    logs.set(request, log);
    return log;
  };
  const app = fastify({
    bodyLimit,
    requestTimeout,
    connectionTimeout: Math.min((deadlineSeconds + idleMarginSeconds) * 1000, maxTimerMilliseconds),
    keepAliveTimeout,
    genReqId: ({ headers }) => requestId(headers),
    clientErrorHandler: (error, socket) => {
      answerClientError(error, socket, connections.worksOn(socket).length > 0);
    },
    // Fastify calls this handler for invalid paths, before any hook.
    frameworkErrors: (error, request, reply) => {
      const rejection = requestErrorResponse(error);
      const log = logOf(request);
      log.rejected(rejection);
      reply.raw.once('close', () => log.end(rejection.status, true));
      void sendError(reply.header('x-request-id', request.id), rejection);
    },
  });
  app.removeContentTypeParser('text/plain');

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (phase.isDraining) reply.header('connection', 'close');
    if (healthPaths.has(pathOf(request.url))) return;
    const { raw } = reply;
    const log = logOf(request);
    // `finish` doesn't prove that the response was sent: Node also emits it if the connection closes first.
    let wasSent = false;
    raw.once('finish', () => {
      wasSent = !request.socket.destroyed;
    });
    raw.once('close', () => log.end(raw.statusCode, wasSent));
    if (phase.isClosing) {
      log.rejected(shuttingDown());
      return sendError(reply, shuttingDown());
    }
    raw.once('close', phase.begin());
    // Protects against DNS rebinding. If the server requires API keys, this check is not needed: a web page doesn't
    // know a key.
    if (isLocal && apiKeys === undefined && !isExpectedHost(request.headers.host)) {
      log.rejected(unexpectedHost);
      return sendError(reply, unexpectedHost);
    }
    const key = apiKeys?.keyOf(request.headers.authorization);
    if (key?.name !== undefined) keyNames.set(request, key.name);
    if (key !== undefined) log.client(key.id);
    else if (apiKeys !== undefined) {
      const message = 'The API key is missing or wrong; send a valid key as Authorization: Bearer KEY.';
      const denied = errorResponse(401, { message, code: 'invalid_api_key' });
      log.rejected(denied);
      return sendError(reply, denied);
    }
    // Count the body only after the key was checked. Otherwise, requests without a key could close requests with a key.
    bodies.add(request.raw, Math.min(declaredLength(request.headers), bodyLimit));
    request.raw.once('end', () => bodies.remove(request.raw));
  });
  app.addHook('onSend', async (_request, { raw }, payload) => {
    if (typeof payload !== 'string') return;
    const bytes = Buffer.byteLength(payload);
    unread.add(raw, bytes);
    raw.once('finish', () => unread.remove(raw, bytes));
    // Node closes the connection if the socket is inactive for this long. If some bytes of the last write were sent
    // during this time, Node starts the timeout again.
    raw.setTimeout(Math.min(stallSeconds * 1000, maxTimerMilliseconds));
  });
  app.setErrorHandler((error, request, reply) => {
    const rejection = requestErrorResponse(error);
    logOf(request).failed(error, rejection);
    return sendError(reply, rejection);
  });
  app.setNotFoundHandler((request, reply) => {
    const message = 'No route has this method and path; expected POST /v1/chat/completions or GET /v1/models.';
    const unknown = errorResponse(404, { message, code: 'unknown_url' });
    logOf(request).rejected(unknown);
    return sendError(reply, unknown);
  });
  app.get('/healthz', () => ({ status: 'alive' }));
  app.get('/readyz', (_request, reply) => {
    return phase.isDraining ? reply.code(503).send({ status: 'draining' }) : { status: 'ready' };
  });
  const labelsOf = (request: FastifyRequest): Readonly<Record<string, string>> =>
    options.labels.of({ headers: request.headers, keyName: keyNames.get(request) });
  addChatRoutes(app, { models, streams: { pingSeconds, stallSeconds, unread }, logOf, labelsOf });
  limitConnections(app.server, connections);
  return app;
}

/** Limits the connections of a server, and runs the requests of each connection one after the other. */
function limitConnections(server: Server, connections: Connections): void {
  server.prependListener('connection', (socket: Socket) => connections.add(socket));
  new ExchangeQueue().attach(server);
  server.prependListener('request', ({ socket }, response) => {
    response.once('close', connections.begin(socket, response));
  });
}

/** The length of a body in bytes, from `Content-Length`. Infinity for chunked bodies. */
function declaredLength(headers: IncomingHttpHeaders): number {
  return headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : Number.POSITIVE_INFINITY;
}

const unexpectedHost = errorResponse(403, {
  message:
    'The Host header names another machine, and the server accepts only local requests; use 127.0.0.1, or set up API keys.',
  code: 'unexpected_host',
});

/** The path without the query, which may contain a secret, truncated to a maximum length. */
function pathOf(url: string): string {
  return url.split('?', 1)[0]?.slice(0, maxPathCharacters) ?? '';
}

/** Health checks need no API key. They are not logged, and a shutdown does not wait for them. */
const healthPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** Matches request IDs that are safe in headers, logs and completion IDs. */
const safeId = /^[A-Za-z0-9_.:-]{1,128}$/;

/**
 * The ID of a request: the `X-Request-Id` header if valid, else a new UUID.
 *
 * A valid ID has 1 to 128 letters, digits, `_`, `.`, `:` or `-`.
 */
export function requestId({ 'x-request-id': given }: IncomingHttpHeaders): string {
  return typeof given === 'string' && safeId.test(given) ? given : randomUUID();
}
