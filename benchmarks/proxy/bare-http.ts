import { Agent, request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

// The smallest possible proxy on Node's HTTP: it pipes requests and responses, and inspects nothing.

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
