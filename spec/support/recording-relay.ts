import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestOf,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { eventually } from './eventually.js';

/** One request and its response, as the server sent it. */
export interface RelayedExchange {
  readonly path: string;
  readonly request: string;
  readonly status: number;
  readonly response: string;
  readonly requestHeaders: IncomingHttpHeaders;
  readonly responseHeaders: IncomingHttpHeaders;
  /** Whether the response is complete. False if the client left early. */
  readonly isWhole: boolean;
}

/** A server that forwards requests to another server and records the responses. */
export interface RecordingRelay {
  readonly url: string;
  /** Waits until no request is open, then returns all exchanges since the last call. */
  take(): Promise<readonly RelayedExchange[]>;
  close(): Promise<void>;
}

/** Starts a relay for the origin `target` on a free loopback port. It shares no code with the tested proxy. */
export async function startRecordingRelay(target: string): Promise<RecordingRelay> {
  let open = 0;
  let exchanges: RelayedExchange[] = [];

  async function relay(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { url: path = '', method, rawHeaders } = incoming;
    const request = await text(incoming);
    const passed = requestOf(target + path, { method, headers: headersOf(rawHeaders), agent: false });
    passed.on('error', () => {});
    outgoing.once('close', () => passed.destroy());
    passed.end(request);
    const [answer] = (await once(passed, 'response')) as [IncomingMessage];
    const pieces: Buffer[] = [];
    answer.on('data', (piece: Buffer) => pieces.push(piece));
    answer.on('error', () => {});
    outgoing.writeHead(answer.statusCode ?? 0, headersOf(answer.rawHeaders));
    answer.pipe(outgoing);
    await new Promise((resolve) => answer.once('close', resolve));
    const response = Buffer.concat(pieces).toString();
    exchanges.push({
      ...{ path, request, status: answer.statusCode ?? 0, response, isWhole: answer.complete },
      ...{ requestHeaders: incoming.headers, responseHeaders: answer.headers },
    });
  }

  const server = createServer((incoming, outgoing) => {
    open += 1;
    void relay(incoming, outgoing)
      .catch(() => outgoing.destroy())
      .finally(() => {
        open -= 1;
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async take() {
      await eventually(async () => open === 0);
      const taken = exchanges;
      exchanges = [];
      return taken;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The headers to forward: all except those of the connection. */
function headersOf(raw: readonly string[]): Record<string, string> {
  const pairs = raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
  return Object.fromEntries(pairs.filter(([name]) => !/^(connection|keep-alive|transfer-encoding)$/i.test(name)));
}
