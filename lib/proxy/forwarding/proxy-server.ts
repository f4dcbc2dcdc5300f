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
import { ByteBudget } from './byte-budget.js';
import { ContainedObserver } from './contained-observer.js';
import { sendError } from './error-response.js';
import { Exchange } from './exchange.js';
import type { ObserveExchange } from './exchange-observer.js';
import type { Gate } from './gate.js';
import { type RejectionReason, rejectionReasons } from './rejections.js';
import type { UpstreamPool } from './upstream-pool.js';

/** Dependencies and limits of a proxy server. */
export interface ProxyServerOptions {
  readonly pool: UpstreamPool;
  readonly gate: Gate;
  readonly observe: ObserveExchange;
  readonly collector: MetricsCollector;
  readonly silentBodySeconds: number;
  readonly stalledClientSeconds: number;
  readonly maxConnections: number;
}

/**
 * Maximum bytes of all buffered request bodies. The same limit applies separately to all responses that wait for slow
 * clients.
 */
const maxBufferedBytes = 64 * 1024 * 1024;

const limits: HttpLimits = {
  ...defaultHttpLimits,
  /**
   * Maximum bytes of the request headers: more than the default of the metrics server, because clients of model servers
   * send larger headers.
   */
  headerBytes: 64 * 1024,
  headersMilliseconds: 20_000,
  /** No limit for a body that keeps arriving; see `silentBodySeconds`. */
  requestMilliseconds: 0,
};

/** Forwards requests to upstreams, and their responses to clients. */
export class ProxyServer {
  readonly server: Server;
  readonly #options: ProxyServerOptions;
  readonly #bodyBudget = new ByteBudget(maxBufferedBytes);
  readonly #waitingBudget = new ByteBudget(maxBufferedBytes);
  readonly #connections: Connections<Exchange>;
  #isClosing = false;

  constructor(options: ProxyServerOptions) {
    this.#options = options;
    this.#connections = new Connections<Exchange>(options.maxConnections, (exchanges) => {
      for (const exchange of exchanges) exchange.abort();
    });
    for (const reason of rejectionReasons) instrumentsOf(options.collector).proxyRefused.series(reason);
    this.server = createServer({
      ...nodeServerOptions(limits),
      // Node would reject requests without `Host` itself. Instead, the gate rejects them, so that they are counted.
      requireHostHeader: false,
      noDelay: true,
    });
    // By default, Node drops the headers beyond a limit. Without its `Content-Length`, a request would be forwarded
    // without its body.
    this.server.maxHeadersCount = 0;
    this.server.on('connection', (socket: Socket) => this.#connections.add(socket));
    this.server.on('clientError', (error, socket) => this.#onClientError(error, socket));
    this.server.on('connect', (_request, socket) => this.#onClientError({ code: connectRequest }, socket));
    const queue = new ExchangeQueue({ headCharacters: limits.headerBytes });
    const take = queue.wrap((request, response) => this.#onRequest(request, response));
    this.server.on('request', take);
    this.server.on('checkContinue', take);
  }

  /** Stops accepting requests, waits for running requests up to the grace period, and then closes their connections. */
  async close(graceSeconds: number): Promise<void> {
    this.#isClosing = true;
    await this.#connections.close(this.server, graceSeconds * 1000);
    this.#options.pool.close();
  }

  #onClientError(error: NodeJS.ErrnoException | { readonly code: string }, socket: Duplex): void {
    const exchanges = this.#connections.worksOn(socket as Socket);
    const isAnswering = exchanges.some(({ response }) => response.headersSent);
    for (const exchange of exchanges) exchange.abort();
    if (answerClientError(error, socket, isAnswering)) this.#countRejection('malformed');
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    const { pool, gate, observe, collector } = this.#options;
    const { socket } = request;
    response.sendDate = false;
    if (this.#isClosing) response.shouldKeepAlive = false;
    const verdict = gate.judge(request);
    if (verdict.error !== undefined) {
      this.#countRejection(verdict.error.reason);
      sendError(request, response, verdict.error);
      return;
    }
    const { method = 'GET', url: target = '/', headers } = request;
    const exchange = new Exchange(request, response, {
      pool,
      bodyBudget: this.#bodyBudget,
      waitingBudget: this.#waitingBudget,
      silentBodySeconds: this.#options.silentBodySeconds,
      stallMilliseconds: this.#options.stalledClientSeconds * 1_000,
      observer: ContainedObserver.begin(observe, { method, target, headers, keyName: verdict.keyName }, () =>
        instrumentsOf(collector).instrumentationErrors.series('proxy').inc(),
      ),
      withoutAuthorization: gate.takesAuthorization,
      keyHeaders: verdict.keyHeaders,
      upstreamKey: verdict.key === undefined ? undefined : gate.upstreamKey,
      onRetry: ({ upstream, failure }) => instrumentsOf(collector).proxyRetries.series(upstream, failure).increment(),
      onUpstreamFailed: () => this.#countRejection('upstream'),
      onOver: () => {
        end();
        if (this.#isClosing && this.#connections.worksOn(socket).length === 0) socket.destroySoon();
      },
    });
    const end = this.#connections.begin(socket, exchange);
    gate.admit(exchange, { key: verdict.key, onRejected: (reason) => this.#countRejection(reason) });
  }

  #countRejection(reason: RejectionReason): void {
    instrumentsOf(this.#options.collector).proxyRefused.series(reason).increment();
  }
}
