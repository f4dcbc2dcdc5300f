import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Socket, Server as TcpServer } from 'node:net';
import type { Duplex } from 'node:stream';
import type { MetricsCollector } from 'tinyllm';
import { instrumentsOf } from 'tinyllm/recording';
import { ContainedObserver } from './contained-observer.js';
import { Exchange } from './exchange.js';
import type { ObserveExchange } from './exchange-observer.js';
import type { Gate } from './gate.js';
import { refuse } from './refusal.js';
import { type RefusalReason, refusalReasons } from './refusals.js';
import { KeptBytes } from './request-body.js';
import { answerUnreadable } from './unreadable.js';
import type { UpstreamPool } from './upstream-pool.js';

/** What a proxy server works with. */
export interface ProxyServerOptions {
  readonly pool: UpstreamPool;
  readonly gate: Gate;
  readonly observe: ObserveExchange;
  readonly collector: MetricsCollector;
  readonly silentBodySeconds: number;
}

/** All that is kept of requests to send them again, in bytes. */
const mostKept = 64 * 1024 * 1024;

const limits = {
  /** Of a request's headers, in bytes: as much as Ollama takes comes rarely. */
  maxHeaderSize: 64 * 1024,
  /** From a request's start to the end of its headers, in milliseconds. */
  headersTimeout: 20_000,
  /** A body may take as long as it goes on coming. */
  requestTimeout: 0,
  /** Between two requests of a connection, in milliseconds. */
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 2_000,
  /** It is looked for, and counted, with the rest of the head. */
  requireHostHeader: false,
};

/** Passes requests on to the upstreams, and their answers back. */
export class ProxyServer {
  readonly server: Server;
  readonly #options: ProxyServerOptions;
  readonly #keptBytes = new KeptBytes(mostKept);
  /** What each open connection waits for. */
  readonly #connections = new Map<Duplex, Set<Exchange>>();
  #isClosing = false;

  constructor(options: ProxyServerOptions) {
    this.#options = options;
    for (const reason of refusalReasons) instrumentsOf(options.collector).proxyRefused.series(reason);
    this.server = createServer({ ...limits, noDelay: true });
    // Node leaves out what comes after so many, and a length among it would be passed on without its body.
    this.server.maxHeadersCount = 0;
    this.server.on('connection', (socket: Socket) => this.#connected(socket));
    this.server.on('clientError', (error, socket) => this.#unreadable(error, socket));
    this.server.on('connect', (_request, socket) => this.#unreadable({ code: 'CONNECT' }, socket));
    this.server.on('request', (request, response) => this.#take(request, response));
    this.server.on('checkContinue', (request, response) => this.#take(request, response));
  }

  /** Takes no more requests, lets those under way end for so long, and then cuts them off. */
  async close(graceSeconds: number): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise<void>((resolve) => this.server.once('close', () => resolve()));
    // Not the HTTP server's own: it cuts off every answer that is written to its end, though not yet sent.
    TcpServer.prototype.close.call(this.server);
    for (const [socket, exchanges] of this.#connections) if (exchanges.size === 0) socket.destroy();
    const grace = setTimeout(() => {
      for (const socket of this.#connections.keys()) socket.destroy();
    }, graceSeconds * 1000);
    await closed;
    clearTimeout(grace);
    this.server.close();
    this.#options.pool.close();
  }

  #connected(socket: Socket): void {
    const exchanges = new Set<Exchange>();
    this.#connections.set(socket, exchanges);
    socket.once('close', () => {
      this.#connections.delete(socket);
      for (const exchange of exchanges) exchange.leave();
    });
  }

  #unreadable(error: NodeJS.ErrnoException | { readonly code: string }, socket: Duplex): void {
    const exchanges = this.#connections.get(socket) ?? new Set<Exchange>();
    const isAnswering = [...exchanges].some(({ response }) => response.headersSent);
    for (const exchange of exchanges) exchange.leave();
    if (answerUnreadable(error, socket, { isAnswering })) this.#refused('malformed');
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const { pool, gate, observe, collector } = this.#options;
    const { socket } = request;
    response.sendDate = false;
    if (this.#isClosing) response.shouldKeepAlive = false;
    const verdict = gate.judge(request);
    if (verdict.refusal !== undefined) {
      this.#refused(verdict.refusal.reason);
      refuse(request, response, verdict.refusal);
      return;
    }
    const exchanges = this.#connections.get(socket);
    const { method = 'GET', url: target = '/', headers } = request;
    const exchange = new Exchange(request, response, {
      pool,
      keptBytes: this.#keptBytes,
      silentBodySeconds: this.#options.silentBodySeconds,
      observer: ContainedObserver.begin(observe, { method, target, headers }, () =>
        instrumentsOf(collector).instrumentationErrors.series('proxy').inc(),
      ),
      withoutAuthorization: gate.takesAuthorization,
      upstreamKey: verdict.key === undefined ? undefined : gate.upstreamKey,
      onRetry: ({ upstream, failure }) => instrumentsOf(collector).proxyRetries.series(upstream, failure).increment(),
      onUnanswered: () => this.#refused('upstream'),
      onOver: () => {
        exchanges?.delete(exchange);
        if (this.#isClosing && exchanges?.size === 0) socket.destroySoon();
      },
    });
    exchanges?.add(exchange);
    gate.admit(exchange, { key: verdict.key, onRefused: (reason) => this.#refused(reason) });
  }

  #refused(reason: RefusalReason): void {
    instrumentsOf(this.#options.collector).proxyRefused.series(reason).increment();
  }
}
