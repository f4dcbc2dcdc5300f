import type { Socket } from 'node:net';

interface Connection {
  readonly socket: Socket;
  /** Requests read and not answered to the last byte. */
  answers: number;
}

/**
 * What tells a connection from all others that are open: its other end. Before and after a TLS handshake it is the
 * same, though the socket is another. Undefined when the other end has gone already.
 */
export function otherEnd(socket: Socket): string | undefined {
  return socket.remotePort === undefined ? undefined : `${socket.remoteAddress} ${socket.remotePort}`;
}

/**
 * The open connections of a server, and which of them have an answer under way.
 *
 * Node's own idea of an idle connection includes those whose last answer is written but not sent.
 */
export class Connections {
  /** By their other end; those that were answered last come last. */
  readonly #open = new Map<string, Connection>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** Takes a connection in; past the bound the one that has been idle the longest goes, or else the new one. */
  add(socket: Socket): void {
    const end = otherEnd(socket);
    if (end === undefined || (this.#open.size >= this.#most && !this.#closeOldestIdle())) {
      socket.destroy();
      return;
    }
    const connection = { socket, answers: 0 };
    this.#open.set(end, connection);
    socket.once('close', () => {
      if (this.#open.get(end) === connection) this.#open.delete(end);
    });
  }

  /** An answer begins; what is returned is to be called when its last byte is sent, or it is given up. */
  begin(socket: Socket): () => void {
    const end = otherEnd(socket);
    const connection = end === undefined ? undefined : this.#open.get(end);
    if (end === undefined || connection === undefined) return () => {};
    connection.answers++;
    return () => {
      connection.answers--;
      if (this.#open.get(end) !== connection) return;
      this.#open.delete(end);
      this.#open.set(end, connection);
    };
  }

  /** Whether a connection has an answer under way. */
  isAnswering(socket: Socket): boolean {
    const end = otherEnd(socket);
    return end !== undefined && (this.#open.get(end)?.answers ?? 0) > 0;
  }

  closeIdle(): void {
    for (const { socket, answers } of this.#open.values()) if (answers === 0) socket.destroy();
  }

  closeAll(): void {
    for (const { socket } of this.#open.values()) socket.destroy();
  }

  #closeOldestIdle(): boolean {
    for (const [end, { socket, answers }] of this.#open) {
      if (answers > 0) continue;
      this.#open.delete(end);
      socket.destroy();
      return true;
    }
    return false;
  }
}
