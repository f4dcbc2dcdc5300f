import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { startCommand, type Victim } from './victim.js';

/** A model server that responds with given bytes, and the proxy in front of it. */
export interface AttackedProxy {
  readonly victim: Victim;
  /** Opens a connection to the proxy and writes the text. The connection reads nothing until it is resumed. */
  connect(text: string | Uint8Array): Promise<Socket>;
  /** The connections that the proxy has open to the model server. */
  upstreamConnections(): number;
  stop(): Promise<void>;
}

/** Receives the bytes of each request, and writes the response. */
export type Answer = (socket: Socket, bytes: Buffer) => void;

/** Starts a model server in this process and `tinyllm proxy` in another one. */
export async function attackedProxy(answer: Answer, flags: readonly string[] = ['--no-ps']): Promise<AttackedProxy> {
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => answer(socket, bytes));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const upstream = ['--upstream', `http://127.0.0.1:${port}`, '--port', '0', '--metrics-port', '0'];
  const victim = await startCommand(['proxy', ...upstream, ...flags], /forwarding http:\/\/127\.0\.0\.1:(\d+)/);
  const clients: Socket[] = [];
  return {
    victim,
    upstreamConnections: () => open.size,
    async connect(text) {
      const socket = connect({ port: victim.port, host: '127.0.0.1' });
      socket.on('error', () => socket.destroy());
      clients.push(socket);
      await once(socket, 'connect');
      socket.write(text);
      return socket;
    },
    async stop() {
      for (const socket of [...clients, ...open]) socket.destroy();
      await victim.stop();
      server.close();
    },
  };
}

/** The bytes of a POST request to a model. */
export function postRequest(path: string, body: string | Uint8Array, headers = ''): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}Content-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}

/** Writes the bytes repeatedly, as fast as the client reads them, until the connection closes. */
export function flood(socket: Socket, bytes: Uint8Array): void {
  const more = (): void => {
    if (socket.destroyed) return;
    if (socket.write(bytes)) setImmediate(more);
    else socket.once('drain', more);
  };
  more();
}
