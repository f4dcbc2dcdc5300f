import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { Connections } from '../../../lib/core/server/connections.js';

describe('Connections', () => {
  let server: Server;
  const clients: Socket[] = [];
  const lost: string[][] = [];
  let connections: Connections<string>;

  beforeEach(async () => {
    lost.length = 0;
    connections = new Connections<string>(2, (works) => lost.push([...works]));
    server = createServer();
    server.listen(0, '0.0.0.0');
    await once(server, 'listening');
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Opens a connection. Resolves to the socket of the server. */
  const open = async (options: { host?: string; localPort?: number } = {}): Promise<Socket> => {
    const { port } = server.address() as AddressInfo;
    const client = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.1', ...options });
    clients.push(client.on('error', () => {}));
    const [socket] = (await once(server, 'connection')) as [Socket];
    connections.add(socket);
    return socket;
  };

  it('closes the connection that was idle longest at the limit', async () => {
    const [first, second] = [await open(), await open()];
    connections.begin(first, 'work')();
    const third = await open();
    expect([first, second, third].map(({ destroyed }) => destroyed)).to.deep.equal([false, true, false]);
  });

  it('closes the new connection at the limit if all others are busy', async () => {
    const [first, second] = [await open(), await open()];
    connections.begin(first, 'a');
    connections.begin(second, 'b');
    const third = await open();
    expect([first, second, third].map(({ destroyed }) => destroyed)).to.deep.equal([false, false, true]);
  });

  it('lists the work in progress, and reports the unfinished work of a closed connection', async () => {
    const socket = await open();
    const end = connections.begin(socket, 'done');
    connections.begin(socket, 'unfinished');
    end();
    expect(connections.worksOn(socket)).to.deep.equal(['unfinished']);
    socket.destroy();
    await once(socket, 'close');
    expect(lost).to.deep.equal([['unfinished']]);
    expect(connections.worksOn(socket)).to.deep.equal([]);
  });

  it('distinguishes connections from one address and port to two addresses of this machine', async () => {
    const first = await open({ host: '127.0.0.1' });
    const second = await open({ host: '127.0.0.2', localPort: first.remotePort ?? 0 });
    expect(second.remotePort).to.equal(first.remotePort);
    connections.begin(first, 'a');
    connections.begin(second, 'b');
    expect([connections.worksOn(first), connections.worksOn(second)]).to.deep.equal([['a'], ['b']]);
    second.destroy();
    await once(second, 'close');
    expect(lost).to.deep.equal([['b']]);
    expect(connections.worksOn(first)).to.deep.equal(['a']);
  });

  it('closes all connections, including those with identical addresses and ports', async () => {
    const [first, second] = [await open(), await open()];
    // This happens with link-local addresses of two network interfaces, which Node reports without the interface.
    for (const name of ['remotePort', 'remoteAddress'] as const) {
      Object.defineProperty(second, name, { value: first[name] });
    }
    const end = connections.begin(second, 'b');
    connections.begin(first, 'a');
    expect([connections.worksOn(first), connections.worksOn(second)]).to.deep.equal([['a'], ['b']]);
    end();
    await connections.close(server, 20);
    expect([first.destroyed, second.destroyed]).to.deep.equal([true, true]);
    server.listen(0);
    await once(server, 'listening');
  });

  it('closes idle connections immediately, and busy ones after the grace period', async () => {
    const [idle, busy] = [await open(), await open()];
    connections.begin(busy, 'work');
    const lastClosed = once(busy, 'close');
    const closed = connections.close(server, 50);
    expect([idle.destroyed, busy.destroyed]).to.deep.equal([true, false]);
    await Promise.all([closed, lastClosed]);
    expect(busy.destroyed).to.equal(true);
    expect(lost).to.deep.equal([[], ['work']]);
    server.listen(0);
    await once(server, 'listening');
  });
});
