import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';

// The smallest possible proxy on undici, as its documentation shows for streams.

const pool = new Pool(`http://127.0.0.1:${process.argv[2]}`);

const server = createServer((request, response) => {
  const { connection: _connection, host: _host, ...headers } = request.headers;
  const target = { method: (request.method ?? 'GET') as 'GET', path: request.url ?? '/', headers, body: request };
  void pool.stream({ ...target, opaque: response }, ({ statusCode, headers: answered }) =>
    response.writeHead(statusCode, answered as Record<string, string>),
  );
});

server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
