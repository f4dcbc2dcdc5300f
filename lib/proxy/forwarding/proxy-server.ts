import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { MetricsCollector } from 'tinyllm';
import { instrumentsOf } from 'tinyllm/recording';
import {
  answerClientError,
  Connections,
  connectRequest,
  defaultHttpLimits,
  ExchangeQueue,
  type HttpLimits,
  nodeServerOptions,
} from 'tinyllm/server';
import { ContainedObserver } from './contained-observer.js';
import { Exchange } from './exchange.js';
import type { ObserveExchange } from './exchange-observer.js';
import type { Gate } from './gate.js';
import { KeptBytes } from './kept-bytes.js';
import { refuse } from './refusal.js';
import { type RefusalReason, refusalReasons } from './refusals.js';
import type { UpstreamPool } from './upstream-pool.js';

/** What a proxy server works with. */
export interface ProxyServerOptions {
  readonly pool: UpstreamPool;
  readonly gate: Gate;
  readonly observe: ObserveExchange;
  readonly collector: MetricsCollector;
  readonly silentBodySeconds: number;
  readonly stalledClientSeconds: number;
  readonly maxConnections: number;
}

/** All that is kept of requests to send them again, and all that waits for slow clients, in bytes each. */
const mostKept = 64 * 1024 * 1024;

const limits: HttpLimits = {
  ...defaultHttpLimits,
  /** Clients of model servers send larger headers than scrapers. */
  headerBytes: 64 * 1024,
  headersMilliseconds: 20_000,
  /** A body may take any time while it keeps arriving; see `silentBodySeconds`. */
  requestMilliseconds: 0,
};

/** Passes requests on to the upstreams, and their answers back. */
export class ProxyServer {
  readonly server: Server;
  readonly #options: ProxyServerOptions;
  readonly #keptBytes = new KeptBytes(mostKept);
  readonly #waitingBytes = new KeptBytes(mostKept);
  readonly #connections: Connections<Exchange>;
  #isClosing = false;

  constructor(options: ProxyServerOptions) {
    this.#options = options;
    this.#connections = new Connections<Exchange>(options.maxConnections, (exchanges) => {
      for (const exchange of exchanges) exchange.leave();
    });
    for (const reason of refusalReasons) instrumentsOf(options.collector).proxyRefused.series(reason);
    this.server = createServer({
      ...nodeServerOptions(limits),
      // The header is checked, and counted, with the rest of the head.
      requireHostHeader: false,
      noDelay: true,
    });
    // Node leaves out what comes after so many, and a length among it would be passed on without its body.
    this.server.maxHeadersCount = 0;
    this.server.on('connection', (socket: Socket) => this.#connections.add(socket));
    this.server.on('clientError', (error, socket) => this.#unreadable(error, socket));
    this.server.on('connect', (_request, socket) => this.#unreadable({ code: connectRequest }, socket));
    const queue = new ExchangeQueue({ headCharacters: limits.headerBytes });
    const take = queue.wrap((request, response) => this.#take(request, response));
    this.server.on('request', take);
    this.server.on('checkContinue', take);
  }

  /** Takes no more requests, lets those under way end for so long, and then cuts them off. */
  async close(graceSeconds: number): Promise<void> {
    this.#isClosing = true;
    await this.#connections.close(this.server, graceSeconds * 1000);
    this.#options.pool.close();
  }

  #unreadable(error: NodeJS.ErrnoException | { readonly code: string }, socket: Duplex): void {
    const exchanges = this.#connections.worksOn(socket as Socket);
    const isAnswering = exchanges.some(({ response }) => response.headersSent);
    for (const exchange of exchanges) exchange.leave();
    if (answerClientError(error, socket, isAnswering)) this.#refused('malformed');
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
    const { method = 'GET', url: target = '/', headers } = request;
    const exchange = new Exchange(request, response, {
      pool,
      keptBytes: this.#keptBytes,
      waitingBytes: this.#waitingBytes,
      silentBodySeconds: this.#options.silentBodySeconds,
      stallMilliseconds: this.#options.stalledClientSeconds * 1_000,
      observer: ContainedObserver.begin(observe, { method, target, headers }, () =>
        instrumentsOf(collector).instrumentationErrors.series('proxy').inc(),
      ),
      withoutAuthorization: gate.takesAuthorization,
      keyHeaders: verdict.keyHeaders,
      upstreamKey: verdict.key === undefined ? undefined : gate.upstreamKey,
      onRetry: ({ upstream, failure }) => instrumentsOf(collector).proxyRetries.series(upstream, failure).increment(),
      onUnanswered: () => this.#refused('upstream'),
      onOver: () => {
        end();
        if (this.#isClosing && this.#connections.worksOn(socket).length === 0) socket.destroySoon();
      },
    });
    const end = this.#connections.begin(socket, exchange);
    gate.admit(exchange, { key: verdict.key, onRefused: (reason) => this.#refused(reason) });
  }

  #refused(reason: RefusalReason): void {
    instrumentsOf(this.#options.collector).proxyRefused.series(reason).increment();
  }
}
