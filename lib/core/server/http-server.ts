import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { authenticate } from './authenticate.js';
import { answerClientError } from './client-error.js';
import { Connections } from './connections.js';
import { ExchangeQueue } from './exchange-queue.js';
import { isExpectedHost, isLoopback } from './expected-host.js';
import { defaultHttpLimits, type HttpLimits, nodeServerOptions } from './http-limits.js';
import { listen } from './listen.js';
import { respondBusy, respondPlainly } from './plain-response.js';
import { clientAuthOptions, TlsGate } from './tls-gate.js';
import type { WebConfig } from './web-config/web-config.js';

/** Handles a request. Use `writeBody` for long bodies. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/** Options of an HTTP server. */
export interface HttpServerOptions {
  readonly handler: HttpHandler;
  /** TLS, users and headers; default plain HTTP without passwords. */
  readonly webConfig?: WebConfig;
  /** Limits that override the defaults. */
  readonly limits?: Partial<HttpLimits>;
  /** Called with errors that a handler throws. The client gets status 500, or is disconnected during a response. */
  readonly onError?: (error: unknown) => void;
}

/** Creates an HTTP or HTTPS server with limits, so that no client can block the others. It does not listen yet. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  return new HttpServer(options);
}

/** An HTTP server with limits. Create it with `createHttpServer`. */
export class HttpServer {
  readonly scheme: 'http' | 'https';
  readonly #options: HttpServerOptions;
  readonly #limits: HttpLimits;
  readonly #server: Server;
  readonly #gate: TlsGate | undefined;
  readonly #connections: Connections<ServerResponse>;
  #requests = 0;
  #isLoopback = false;
  #closed: Promise<void> | undefined;
  #stopFollowing: (() => void) | undefined;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#limits = { ...defaultHttpLimits, ...options.limits };
    this.#connections = new Connections(this.#limits.connections);
    const serverOptions = nodeServerOptions(this.#limits);
    const tls = options.webConfig?.current().tls;
    this.scheme = tls === undefined ? 'http' : 'https';
    if (options.webConfig === undefined || tls === undefined) {
      this.#server = createServer(serverOptions);
    } else {
      const { handshakeMilliseconds: handshakeTimeout } = this.#limits;
      const server = createTlsServer({ ...serverOptions, ...tls.context, ...clientAuthOptions(tls), handshakeTimeout });
      this.#gate = new TlsGate(server, options.webConfig, tls);
      this.#server = server;
    }
    this.#watchConnections();
    const exchanges = new ExchangeQueue();
    this.#server.on(
      'request',
      exchanges.wrap((request, response) => void this.#handle(request, response)),
    );
  }

  /**
   * Starts to listen and returns the port.
   *
   * @throws {ListenError} if the server cannot listen on the address.
   */
  async listen(host: string, port: number): Promise<number> {
    this.#isLoopback = isLoopback(host);
    const listeningPort = await listen(this.#server, host, port);
    this.#stopFollowing ??= this.#options.webConfig?.follow();
    return listeningPort;
  }

  /** Stops listening, waits for responses in progress up to the limit, then closes the remaining connections. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#stopFollowing?.();
    await this.#connections.close(this.#server, this.#limits.closeMilliseconds);
  }

  #watchConnections(): void {
    this.#server.prependListener('connection', (socket: Socket) => this.#connections.add(socket));
    this.#server.on('clientError', (error, duplex) => {
      const socket = duplex as Socket;
      const isSecured = this.#gate === undefined || this.#gate.admits(socket);
      if (isSecured) answerClientError(error, socket, this.#connections.worksOn(socket).length > 0);
      else socket.destroy();
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    if (this.#gate !== undefined && !this.#gate.admits(socket)) {
      socket.destroy();
      return;
    }
    const end = this.#connections.begin(socket, response);
    response.once('close', () => {
      end();
      if (this.#closed !== undefined) this.#connections.closeIdle();
    });
    response.on('error', () => response.destroy());
    try {
      await this.#authorizeAndHandle(request, response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else respondPlainly(response, 500, { text: 'Internal error: the server could not process the request.' });
      this.#options.onError?.(error);
    }
  }

  async #authorizeAndHandle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { webConfig, handler } = this.#options;
    this.#gate?.refresh();
    if (this.#closed !== undefined || this.#gate?.isOutdated(request.socket)) response.shouldKeepAlive = false;
    const state = webConfig?.current();
    if (state !== undefined) {
      for (const [name, value] of state.headers) response.setHeader(name, value);
      const verdict = await authenticate(request, state.passwords);
      if (verdict === 'busy') return respondBusy(response, 'Too many passwords are being checked; retry in 1 s.');
      if (verdict === 'limited') {
        const text = 'Too many wrong passwords from this address; retry in 1 s.';
        return respondPlainly(response, 429, { text, headers: { 'Retry-After': '1' } });
      }
      if (verdict === 'denied') {
        const headers = { 'WWW-Authenticate': 'Basic realm="metrics", charset="UTF-8"' };
        return respondPlainly(response, 401, { text: 'This server requires a user name and a password.', headers });
      }
      if (response.destroyed) return;
    }
    // Only servers without TLS and passwords need this protection from DNS rebinding.
    const isOpen = this.scheme === 'http' && !state?.passwords.required;
    if (isOpen && this.#isLoopback && !isExpectedHost(request.headers.host)) {
      return respondPlainly(response, 403, { text: unexpectedHost });
    }
    if (request.url?.startsWith('/-/')) return handler(request, response);
    if (this.#requests >= this.#limits.requests)
      return respondBusy(response, 'Too many concurrent requests; retry in 1 s.');
    this.#requests++;
    response.once('close', () => this.#requests--);
    return handler(request, response);
  }
}

const unexpectedHost =
  'The server listens on a loopback address, but the Host header names another host; use 127.0.0.1 or localhost, listen on another address, or require passwords.';
