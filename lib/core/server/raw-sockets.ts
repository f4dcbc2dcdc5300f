import { Socket } from 'node:net';

/**
 * The TCP sockets of a server.
 *
 * After a TLS handshake, Node's server uses a TLS socket instead of the TCP socket. This class finds the TCP socket
 * under the TLS socket.
 */
export class RawSockets {
  readonly #byAddresses = new Map<string, Socket>();

  /** Adds the socket of a new connection, until it closes. */
  add(raw: Socket): void {
    const key = addressesOf(raw);
    if (key === undefined) return;
    this.#byAddresses.set(key, raw);
    raw.once('close', () => {
      if (this.#byAddresses.get(key) === raw) this.#byAddresses.delete(key);
    });
  }

  /** The TCP socket under a socket; `undefined` if the connection is not open. */
  tcpSocketOf(socket: Socket): Socket | undefined {
    // Node stores the TCP socket in `_parent`. Without it, the addresses identify the connection, unless two network
    // interfaces use the same link-local addresses.
    const { _parent: parent } = socket as Socket & { readonly _parent?: unknown };
    if (parent instanceof Socket) return parent;
    const key = addressesOf(socket);
    return key === undefined ? undefined : this.#byAddresses.get(key);
  }
}

/** The addresses and ports of both ends; `undefined` if the client has already disconnected. */
function addressesOf({ localAddress, localPort, remoteAddress, remotePort }: Socket): string | undefined {
  return remotePort === undefined ? undefined : `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
