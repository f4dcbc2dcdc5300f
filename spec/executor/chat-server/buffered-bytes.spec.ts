import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect } from 'chai';
import { BufferedBytes } from '../../../lib/executor/chat-server/buffered-bytes.js';

describe('BufferedBytes', () => {
  const server = createServer();

  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  async function response(): Promise<ServerResponse> {
    const taken = once(server, 'request');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const [, answer] = await taken;
    return answer;
  }

  it('counts what was added and not removed', async () => {
    const held = new BufferedBytes<ServerResponse>(100);
    const [one, other] = [await response(), await response()];
    held.add(one, 30);
    held.add(one, 20);
    held.add(other, 40);
    held.remove(one, 30);
    expect([held.of(one), held.of(other), held.total]).to.deep.equal([20, 40, 60]);
    held.remove(one, 100);
    expect([held.of(one), held.total]).to.deep.equal([0, 40]);
  });

  it('forgets responses that close', async () => {
    const held = new BufferedBytes<ServerResponse>(100);
    const closed = await response();
    held.add(closed, 30);
    closed.destroy();
    await once(closed, 'close');
    expect(held.total).to.equal(0);
    held.add(closed, 30);
    held.remove(closed, 30);
    expect(held.total).to.equal(0);
  });

  it('closes those that have held bytes for longest, but never the one that adds bytes', async () => {
    const held = new BufferedBytes<ServerResponse>(100);
    const [first, second, third] = [await response(), await response(), await response()];
    held.add(first, 40);
    held.add(second, 50);
    held.remove(first, 40);
    held.add(first, 10);
    held.add(third, 45);
    expect([first, second, third].map(({ destroyed }) => destroyed)).to.deep.equal([false, true, false]);
    expect(held.total).to.equal(55);
    held.add(third, 500);
    expect([first, third].map(({ destroyed }) => destroyed)).to.deep.equal([true, false]);
    expect(held.total).to.equal(545);
  });
});
