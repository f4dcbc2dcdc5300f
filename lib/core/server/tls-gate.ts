import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { RawSockets } from './raw-sockets.js';
import { admitsClient } from './web-config/client-auth.js';
import type { WebConfig } from './web-config/web-config.js';
import type { TlsSettings } from './web-config/web-settings.js';

/** Applies changes of the web configuration to a TLS server, and rejects clients without the required certificate. */
export class TlsGate {
  readonly #server: HttpsServer;
  readonly #config: WebConfig;
  readonly #raw = new RawSockets();
  /** The settings at the start of each TCP connection. */
  readonly #begun = new WeakMap<Socket, TlsSettings>();
  readonly #handshakes = new WeakMap<Socket, TlsSettings>();
  #applied: TlsSettings;

  constructor(server: HttpsServer, config: WebConfig, applied: TlsSettings) {
    this.#server = server;
    this.#config = config;
    this.#applied = applied;
    // Run before the listeners of the server, which start the handshake or read the first request.
    server.prependListener('connection', (socket: Socket) => this.#begin(socket));
    server.prependListener('secureConnection', (socket: TLSSocket) => this.#enter(socket));
  }

  /** Applies the current certificates, authorities and client authentication to new connections. */
  refresh(): void {
    const { tls } = this.#config.current();
    if (tls === undefined || tls === this.#applied) return;
    this.#applied = tls;
    this.#server.setSecureContext(tls.context);
    Object.assign(this.#server, clientAuthOptions(tls));
  }

  /** Whether a connection has completed its handshake and the client is accepted. */
  admits(socket: Socket): boolean {
    return this.#handshakes.has(socket);
  }

  /** Whether the settings have changed since the handshake of a connection. */
  isOutdated(socket: Socket): boolean {
    return this.#handshakes.get(socket) !== this.#applied;
  }

  #begin(socket: Socket): void {
    this.refresh();
    this.#raw.add(socket);
    this.#begun.set(socket, this.#applied);
  }

  #enter(socket: TLSSocket): void {
    const raw = this.#raw.tcpSocketOf(socket);
    const settings = raw && this.#begun.get(raw);
    if (settings !== undefined && admitsClient(socket, settings.clientAuth)) this.#handshakes.set(socket, settings);
    else socket.destroy();
  }
}

/** Options for Node's server. Certificates are only requested here; they are checked after the handshake. */
export function clientAuthOptions({ clientAuth }: TlsSettings): { requestCert: boolean; rejectUnauthorized: boolean } {
  return { requestCert: clientAuth !== 'NoClientCert', rejectUnauthorized: false };
}
