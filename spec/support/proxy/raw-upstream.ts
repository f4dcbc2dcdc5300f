import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** A server of bytes: what came in, and a hand on each connection. */
export interface RawUpstream {
  readonly url: string;
  readonly port: number;
  readonly sockets: readonly Socket[];
  /** All bytes of all connections so far, in latin1. */
  received(): string;
  close(): Promise<void>;
}

/**
 * Starts a server on a free loopback port that answers as it is told, byte for byte; what stands in for a model server
 * whose answers no HTTP library would write.
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

/** Writes pieces, each in a network chunk of its own. */
export async function writeInPieces(socket: Socket, pieces: readonly (string | Uint8Array)[]): Promise<void> {
  for (const piece of pieces) {
    socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
    await nextTurn();
  }
}

/** A text cut at these places. */
export function cutAt(text: string, places: readonly number[]): string[] {
  const cuts = [0, ...[...places].sort((one, other) => one - other), text.length];
  return cuts.slice(1).map((end, index) => text.slice(cuts[index], end));
}
