import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A complete request as an upstream received it. */
export interface RecordedRequest {
  readonly line: string;
  /** Alternating names and values, without hop-by-hop headers. */
  readonly headers: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[];
}

/** A running upstream. */
export interface RecordingUpstream {
  readonly url: string;
  readonly server: Server;
  /** In the order in which their bodies ended. */
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

const hopByHop = new Set(['connection', 'transfer-encoding', 'trailer']);

/** Starts a server that records all requests. It listens on `port`, or by default on a free loopback port. */
export async function startRecordingUpstream(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void = (_request, response) => {
    response.end('ok');
  },
  port = 0,
): Promise<RecordingUpstream> {
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then(
      (bytes) => {
        const { rawHeaders: raw, rawTrailers: trailers } = request;
        const body = bytes.toString('latin1');
        const headers = raw.filter((_, place) => !hopByHop.has((raw[place - (place % 2)] ?? '').toLowerCase()));
        requests.push({ line: `${request.method} ${request.url}`, headers, body, trailers });
        answer(request, response, body);
      },
      () => {},
    );
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    requests,
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
