import type { Server } from 'node:http';
import { type Socket, Server as TcpServer } from 'node:net';
import { RawSockets } from './raw-sockets.js';

interface Connection<Work> {
  /** The socket of the TCP connection, also if TLS replaces it. */
  readonly socket: Socket;
  /** Requests that have been read and whose response is not sent completely. */
  readonly works: Set<Work>;
}

/**
 * The open connections of a server, with the work in progress on each.
 *
 * Node counts a connection as idle as soon as its last response is written, even if the response is not sent yet.
 */
export class Connections<Work = unknown> {
  /** By the socket of the TCP connection; the connection that was used last comes last. */
  readonly #open = new Map<Socket, Connection<Work>>();
  readonly #raw = new RawSockets();
  readonly #most: number;
  readonly #onLost: (works: ReadonlySet<Work>) => void;

  /**
   * @param most The largest number of open connections.
   * @param onLost Called with the unfinished work of each connection that closes.
   */
  constructor(most: number, onLost: (works: ReadonlySet<Work>) => void = () => {}) {
    this.#most = most;
    this.#onLost = onLost;
  }

  /** Adds a connection. At the limit it closes the connection that has been idle for longest, or else the new one. */
  add(socket: Socket): void {
    const isGone = socket.destroyed || socket.remotePort === undefined;
    if (isGone || (this.#open.size >= this.#most && !this.#closeOldestIdle())) {
      socket.destroy();
      return;
    }
    const connection = { socket, works: new Set<Work>() };
    this.#open.set(socket, connection);
    this.#raw.add(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#onLost(connection.works);
    });
  }

  /** Starts work on a connection; call the returned function when the work is done, or given up. */
  begin(socket: Socket, work: Work): () => void {
    const connection = this.#of(socket);
    if (connection === undefined) return () => {};
    connection.works.add(work);
    return () => {
      connection.works.delete(work);
      if (!this.#open.delete(connection.socket)) return;
      this.#open.set(connection.socket, connection);
    };
  }

  /** The work in progress on a connection. */
  worksOn(socket: Socket): readonly Work[] {
    return [...(this.#of(socket)?.works ?? [])];
  }

  /** Closes every connection without work in progress. */
  closeIdle(): void {
    for (const { socket, works } of this.#open.values()) if (works.size === 0) socket.destroy();
  }

  /** Stops listening, lets work in progress finish for the given time, then closes what is left. */
  async close(server: Server, graceMilliseconds: number): Promise<void> {
    const closed = new Promise<void>((resolve) => server.once('close', () => resolve()));
    // The HTTP server's own `close` destroys connections whose response is written but not sent. In Bun, HTTP servers are
    // not TCP servers and have only their own.
    if (server instanceof TcpServer) TcpServer.prototype.close.call(server);
    else (server as Server).close();
    this.closeIdle();
    const grace = setTimeout(() => {
      for (const { socket } of this.#open.values()) socket.destroy();
    }, graceMilliseconds);
    await closed;
    clearTimeout(grace);
    // Ends Node's periodic check for slow connections.
    server.close();
  }

  #of(socket: Socket): Connection<Work> | undefined {
    const raw = this.#open.has(socket) ? socket : this.#raw.below(socket);
    return raw && this.#open.get(raw);
  }

  #closeOldestIdle(): boolean {
    for (const { socket, works } of this.#open.values()) {
      if (works.size > 0) continue;
      this.#open.delete(socket);
      socket.destroy();
      return true;
    }
    return false;
  }
}
