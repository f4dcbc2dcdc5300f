import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Attack } from './attack.js';
import { startCommand } from './victim.js';

const target = 'proxy';
const requestCount = 10_000;
/** Requests that change something, by method and path. */
const changes: readonly (readonly [method: string, path: string])[] = [
  ['POST', '/api/create'],
  ['POST', '/api/pull'],
  ['POST', '/v1/files'],
  ['PUT', '/v1/files/f'],
  ['DELETE', '/api/delete'],
];

/** A proxy in its own process, and a model server behind it in this process. */
interface AttackedProxy {
  /** Sends a request and resolves with the status. */
  ask(method: string, path: string, headers?: Readonly<Record<string, string>>): Promise<number>;
  metrics(): Promise<string>;
}

/** Called for each request to the model server. The flag is true if the connection has served a request before. */
type Arrived = (name: string, isReused: boolean, socket: Socket) => boolean;

/** The model server responds to a request if `arrived` returns `true`. */
async function withProxy(arrived: Arrived, attack: (proxy: AttackedProxy) => Promise<number>): Promise<number> {
  const served = new WeakSet<Socket>();
  const server = createServer(async (incoming, response) => {
    await text(incoming).catch(() => '');
    const isReused = served.has(incoming.socket);
    served.add(incoming.socket);
    if (arrived(`${incoming.method} ${incoming.url}`, isReused, incoming.socket)) response.end('{"done":true}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const metricsPort = await freePort();
  const flags = ['--upstream', `http://127.0.0.1:${port}`, '--port', '0', '--metrics-port', String(metricsPort)];
  const victim = await startCommand(['proxy', ...flags, '--no-ps'], /forwarding http:\/\/127\.0\.0\.1:(\d+)/);
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  try {
    return await attack({
      async ask(method, path, headers = {}) {
        const body = '{"model":"tiny"}';
        const outgoing = request({
          ...{ host: '127.0.0.1', port: victim.port, method, path, agent },
          headers: { 'Content-Length': body.length, ...headers },
        });
        outgoing.end(body);
        const [answer] = await once(outgoing, 'response');
        answer.resume();
        await once(answer, 'end');
        return answer.statusCode;
      },
      metrics: async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(),
    });
  } finally {
    agent.destroy();
    await victim.stop();
    server.closeAllConnections();
    server.close();
  }
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Attacks on a proxy with arbitrary requests of clients. */
export const proxyRequestAttacks: readonly Attack[] = [
  {
    target,
    name: 'the model server closes reused connections after it has read a request that changes something',
    measure: 'requests that arrived twice',
    unit: 'count',
    limit: 0,
    run: () => {
      const arrivals = new Map<string, number>();
      const arrived: Arrived = (name, isReused, socket) => {
        arrivals.set(name, (arrivals.get(name) ?? 0) + 1);
        if (isReused) socket.resetAndDestroy();
        return !isReused;
      };
      return withProxy(arrived, async ({ ask }) => {
        for (let round = 0; round < 10; round++) {
          for (const [method, path] of changes) {
            // This request opens a connection that the proxy reuses.
            await ask('POST', '/api/chat');
            await ask(method, `${path}?round=${round}`);
          }
        }
        return changes
          .flatMap(([method, path]) => Array.from({ length: 10 }, (_, round) => `${method} ${path}?round=${round}`))
          .filter((name) => (arrivals.get(name) ?? 0) > 1).length;
      });
    },
  },
  {
    target,
    name: '10,000 requests name as many graphs in X-TinyLLM-Graph',
    measure: 'series of tinyllm_requests_total',
    unit: 'count',
    limit: 101,
    run: () =>
      withProxy(
        () => true,
        async ({ ask, metrics }) => {
          for (let start = 0; start < requestCount; start += 32) {
            const names = Array.from({ length: Math.min(32, requestCount - start) }, (_, index) => start + index);
            await Promise.all(names.map((name) => ask('POST', '/api/chat', { 'X-TinyLLM-Graph': `g${name}` })));
          }
          return (await metrics()).match(/^tinyllm_requests_total\{/gm)?.length ?? 0;
        },
      ),
  },
];
