import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** A TCP server that records the received bytes and exposes its connections. */
export interface RawUpstream {
  readonly url: string;
  readonly port: number;
  readonly sockets: readonly Socket[];
  /** All bytes received so far on all connections, as latin1. */
  received(): string;
  close(): Promise<void>;
}

/**
 * Starts a server on a free loopback port. `onRequest` writes the bytes of the response, so specs can send responses
 * that no HTTP library would write.
 */
export async function startRawUpstream(
  onRequest: (socket: Socket, bytes: string) => void | Promise<void>,
): Promise<RawUpstream> {
  let received = '';
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.setNoDelay(true);
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      void onRequest(socket, text);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    sockets,
    received: () => received,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
}

/** Writes each piece in a separate network chunk. */
export async function writeInPieces(socket: Socket, pieces: readonly (string | Uint8Array)[]): Promise<void> {
  for (const piece of pieces) {
    socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
    await nextTurn();
  }
}

/** Splits a text at these positions. */
export function cutAt(text: string, places: readonly number[]): string[] {
  const cuts = [0, ...[...places].sort((one, other) => one - other), text.length];
  return cuts.slice(1).map((end, index) => text.slice(cuts[index], end));
}
