import type { Server } from 'node:http';
import { type Socket, Server as TcpServer } from 'node:net';
import { RawSockets } from './raw-sockets.js';

interface Connection<Work> {
  /** The TCP socket, even if a TLS socket replaces it. */
  readonly socket: Socket;
  /** Requests that were read and whose response is not sent completely. */
  readonly pending: Set<Work>;
}

/**
 * The open connections of a server, with the work in progress on each.
 *
 * Node counts a connection as idle as soon as its last response is written, even if the response is not sent yet.
 */
export class Connections<Work = unknown> {
  /** By TCP socket. The most recently used connection comes last. */
  readonly #open = new Map<Socket, Connection<Work>>();
  readonly #raw = new RawSockets();
  readonly #limit: number;
  readonly #onLost: (pending: ReadonlySet<Work>) => void;

  /**
   * @param limit The maximum number of open connections.
   * @param onLost Called with the unfinished work of each connection that closes.
   */
  constructor(limit: number, onLost: (pending: ReadonlySet<Work>) => void = () => {}) {
    this.#limit = limit;
    this.#onLost = onLost;
  }

  /**
   * Adds a connection.
   *
   * At the limit, closes the connection that was idle longest; if none is idle, closes the new one.
   */
  add(socket: Socket): void {
    const isGone = socket.destroyed || socket.remotePort === undefined;
    if (isGone || (this.#open.size >= this.#limit && !this.#closeOldestIdle())) {
      socket.destroy();
      return;
    }
    const connection = { socket, pending: new Set<Work>() };
    this.#open.set(socket, connection);
    this.#raw.add(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#onLost(connection.pending);
    });
  }

  /** Starts work on a connection. Call the returned function when the work is done or cancelled. */
  begin(socket: Socket, work: Work): () => void {
    const connection = this.#of(socket);
    if (connection === undefined) return () => {};
    connection.pending.add(work);
    return () => {
      connection.pending.delete(work);
      if (!this.#open.delete(connection.socket)) return;
      this.#open.set(connection.socket, connection);
    };
  }

  /** The work in progress on a connection. */
  worksOn(socket: Socket): readonly Work[] {
    return [...(this.#of(socket)?.pending ?? [])];
  }

  /** Closes every connection without work in progress. */
  closeIdle(): void {
    for (const { socket, pending } of this.#open.values()) if (pending.size === 0) socket.destroy();
  }

  /** Stops listening, waits up to the given time for work in progress, then closes the remaining connections. */
  async close(server: Server, graceMilliseconds: number): Promise<void> {
    const closed = new Promise<void>((resolve) => server.once('close', () => resolve()));
    // `close` of an HTTP server destroys connections whose response is written but not sent. So call `close` of the TCP
    // server class, from which the HTTP server class inherits. In Bun, HTTP servers have only their own `close`.
    if (server instanceof TcpServer) TcpServer.prototype.close.call(server);
    else (server as Server).close();
    this.closeIdle();
    const grace = setTimeout(() => {
      for (const { socket } of this.#open.values()) socket.destroy();
    }, graceMilliseconds);
    await closed;
    clearTimeout(grace);
    // Stops Node's periodic check for slow connections.
    server.close();
  }

  #of(socket: Socket): Connection<Work> | undefined {
    const raw = this.#open.has(socket) ? socket : this.#raw.tcpSocketOf(socket);
    return raw && this.#open.get(raw);
  }

  #closeOldestIdle(): boolean {
    for (const { socket, pending } of this.#open.values()) {
      if (pending.size > 0) continue;
      this.#open.delete(socket);
      socket.destroy();
      return true;
    }
    return false;
  }
}
