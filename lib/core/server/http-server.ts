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

/** Answers a request; long bodies by `writeBody`. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/** What to serve, to whom, and within which limits. */
export interface HttpServerOptions {
  readonly handler: HttpHandler;
  /** TLS, users and headers; default plain HTTP for everybody. */
  readonly webConfig?: WebConfig;
  /** What differs from the default limits. */
  readonly limits?: Partial<HttpLimits>;
  /** Told what a handler threw; the client gets 500. */
  readonly onError?: (error: unknown) => void;
}

/** Makes an HTTP or HTTPS server that no client can keep from answering the others; it does not listen yet. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  return new HttpServer(options);
}

/** A server that holds: made by `createHttpServer`. */
export class HttpServer {
  readonly scheme: 'http' | 'https';
  readonly #options: HttpServerOptions;
  readonly #limits: HttpLimits;
  readonly #server: Server;
  readonly #gate: TlsGate | undefined;
  readonly #connections: Connections<ServerResponse>;
  #requests = 0;
  #isLocal = false;
  #closed: Promise<void> | undefined;
  #unfollow: (() => void) | undefined;

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
      exchanges.wrap((request, response) => void this.#answer(request, response)),
    );
  }

  /**
   * Starts to listen and returns the port.
   *
   * @throws {ListenError} when the address cannot be listened on.
   */
  async listen(host: string, port: number): Promise<number> {
    this.#isLocal = isLoopback(host);
    const taken = await listen(this.#server, host, port);
    this.#unfollow ??= this.#options.webConfig?.follow();
    return taken;
  }

  /** Stops listening, finishes the answers under way, and cuts what is left after the grace. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#unfollow?.();
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

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
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
      await this.#admit(request, response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else respondPlainly(response, 500, { text: 'The request could not be answered.' });
      this.#options.onError?.(error);
    }
  }

  async #admit(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { webConfig, handler } = this.#options;
    this.#gate?.refresh();
    if (this.#closed !== undefined || this.#gate?.isOutdated(request.socket)) response.shouldKeepAlive = false;
    const state = webConfig?.current();
    if (state !== undefined) {
      for (const [name, value] of state.headers) response.setHeader(name, value);
      const verdict = await authenticate(request, state.passwords);
      if (verdict === 'busy') return respondBusy(response, 'Too many passwords are being checked; come again.');
      if (verdict === 'limited') {
        const text = 'Too many wrong passwords from this address; try again.';
        return respondPlainly(response, 429, { text, headers: { 'Retry-After': '1' } });
      }
      if (verdict === 'denied') {
        const headers = { 'WWW-Authenticate': 'Basic realm="metrics", charset="UTF-8"' };
        return respondPlainly(response, 401, { text: 'A user and a password are asked for here.', headers });
      }
      if (response.destroyed) return;
    }
    // Passwords and certificates already protect against web pages that point their name at this machine (DNS rebinding).
    const isOpen = this.scheme === 'http' && !state?.passwords.required;
    if (isOpen && this.#isLocal && !isExpectedHost(request.headers.host)) {
      return respondPlainly(response, 403, { text: foreignHost });
    }
    if (request.url?.startsWith('/-/')) return handler(request, response);
    if (this.#requests >= this.#limits.requests) return respondBusy(response, 'Too many requests at once; come again.');
    this.#requests++;
    response.once('close', () => this.#requests--);
    return handler(request, response);
  }
}

const foreignHost =
  'This server listens only on this machine, but the Host header names another one; use 127.0.0.1 or localhost, listen on another address, or require passwords.';
