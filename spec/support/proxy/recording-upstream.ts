import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as an upstream got it, to its end. */
export interface RecordedRequest {
  readonly line: string;
  /** Without those of the hop. */
  readonly headers: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[];
}

/** A running upstream. */
export interface RecordingUpstream {
  readonly url: string;
  readonly server: Server;
  /** In the order their bodies ended. */
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

const ofTheHop = new Set(['connection', 'transfer-encoding', 'trailer']);

/** Starts a server on a free loopback port, or on one that is given, that keeps what it is asked. */
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
        const headers = raw.filter((_, place) => !ofTheHop.has((raw[place - (place % 2)] ?? '').toLowerCase()));
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
