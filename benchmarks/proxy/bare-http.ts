import { Agent, request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

// The least a proxy can be on Node's own HTTP: a request is piped there and an answer back, and nothing is looked at.

const agent = new Agent({ keepAlive: true });
const port = Number(process.argv[2]);

const server = createServer((request, response) => {
  const { method, url, headers } = request;
  const asked = ask({ host: '127.0.0.1', port, method, path: url, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    pipeline(answer, response, () => {});
  });
  pipeline(request, asked, () => {});
});

server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
