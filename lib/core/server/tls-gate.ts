import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { RawSockets } from './raw-sockets.js';
import { admitsClient } from './web-config/client-auth.js';
import type { WebConfig } from './web-config/web-config.js';
import type { TlsSettings } from './web-config/web-settings.js';

/** Keeps a server's TLS up to date with its web configuration, and clients out that do not show what it asks for. */
export class TlsGate {
  readonly #server: HttpsServer;
  readonly #config: WebConfig;
  readonly #raw = new RawSockets();
  /** The settings under which each TCP connection began. */
  readonly #begun = new WeakMap<Socket, TlsSettings>();
  readonly #handshakes = new WeakMap<Socket, TlsSettings>();
  #applied: TlsSettings;

  constructor(server: HttpsServer, config: WebConfig, applied: TlsSettings) {
    this.#server = server;
    this.#config = config;
    this.#applied = applied;
    // Before the server's own listeners: those begin the handshake, or read the first request.
    server.prependListener('connection', (socket: Socket) => this.#begin(socket));
    server.prependListener('secureConnection', (socket: TLSSocket) => this.#enter(socket));
  }

  /** Has connections from now on use the certificates, authorities and client authentication of the files. */
  refresh(): void {
    const { tls } = this.#config.current();
    if (tls === undefined || tls === this.#applied) return;
    this.#applied = tls;
    this.#server.setSecureContext(tls.context);
    Object.assign(this.#server, clientAuthOptions(tls));
  }

  /** Whether a connection passed its handshake, and so may be answered. */
  admits(socket: Socket): boolean {
    return this.#handshakes.has(socket);
  }

  /** Whether a connection's handshake was under settings that are in force no more. */
  isOutdated(socket: Socket): boolean {
    return this.#handshakes.get(socket) !== this.#applied;
  }

  #begin(socket: Socket): void {
    this.refresh();
    this.#raw.add(socket);
    this.#begun.set(socket, this.#applied);
  }

  #enter(socket: TLSSocket): void {
    const raw = this.#raw.below(socket);
    const settings = raw && this.#begun.get(raw);
    if (settings !== undefined && admitsClient(socket, settings.clientAuth)) this.#handshakes.set(socket, settings);
    else socket.destroy();
  }
}

/** What Node's server has to ask clients for; whether the answer is good enough is decided after the handshake. */
export function clientAuthOptions({ clientAuth }: TlsSettings): { requestCert: boolean; rejectUnauthorized: boolean } {
  return { requestCert: clientAuth !== 'NoClientCert', rejectUnauthorized: false };
}
