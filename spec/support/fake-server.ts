import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** A response of a fake server. Each piece is sent in a separate network chunk. */
export interface FakeReply {
  readonly status?: number;
  /** Default: `application/json; charset=utf-8`. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly pieces: readonly (string | Uint8Array)[];
  /**
   * What happens after the last piece. `end` ends the response, `die` closes the connection, `stay` keeps the response
   * open until the client leaves, and `repeat` sends the last piece repeatedly until then. Default: `end`.
   */
  readonly ending?: 'end' | 'die' | 'stay' | 'repeat';
  readonly delayMilliseconds?: number;
}

/** A running fake model server. */
export interface FakeServer {
  readonly url: string;
  /** The headers of all received requests. */
  readonly headers: readonly IncomingMessage['headers'][];
  /** The number of responses that clients left before the end. */
  abandoned(): number;
  /** The number of bytes sent on all connections, without those that this process still buffers. */
  sent(): number;
  close(): Promise<void>;
}

/** A JSON response in one piece. */
export function json(value: unknown, status = 200): FakeReply {
  return { status, pieces: [JSON.stringify(value)] };
}

const notFound: FakeReply = { status: 404, contentType: 'text/plain', pieces: ['404 page not found'] };

/** Starts a fake server on a free loopback port. If `replyTo` returns undefined, the server returns 404. */
export async function startFakeServer(
  replyTo: (request: IncomingMessage, body: string) => FakeReply | undefined,
): Promise<FakeServer> {
  const headers: IncomingMessage['headers'][] = [];
  let abandoned = 0;
  const sockets = new Set<Socket>();
  const server = createServer(async (request, response) => {
    headers.push(request.headers);
    sockets.add(request.socket);
    response.on('close', () => {
      if (!response.writableFinished) abandoned += 1;
    });
    await send(replyTo(request, await text(request)) ?? notFound, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers,
    abandoned: () => abandoned,
    sent: () => [...sockets].reduce((sum, { bytesWritten, writableLength }) => sum + bytesWritten - writableLength, 0),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function send(reply: FakeReply, response: ServerResponse): Promise<void> {
  const { status = 200, contentType = 'application/json; charset=utf-8', pieces, ending = 'end' } = reply;
  if (reply.delayMilliseconds !== undefined) await sleep(reply.delayMilliseconds, undefined, { ref: false });
  response.writeHead(status, { 'Content-Type': contentType, ...reply.headers });
  for (const piece of pieces) {
    response.write(piece);
    await nextTurn();
  }
  if (ending === 'repeat') await repeat(pieces.at(-1) ?? '', response);
  if (ending === 'end') response.end();
  if (ending === 'die') response.destroy();
}

async function repeat(piece: string | Uint8Array, response: ServerResponse): Promise<void> {
  const left = once(response, 'close');
  while (!response.destroyed) {
    if (!response.write(piece)) await Promise.race([once(response, 'drain'), left]);
  }
}
