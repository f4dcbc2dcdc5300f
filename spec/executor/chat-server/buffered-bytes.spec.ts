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
    const requested = once(server, 'request');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const [, answer] = await requested;
    return answer;
  }

  it('counts bytes that were added and not removed', async () => {
    const buffered = new BufferedBytes<ServerResponse>(100);
    const [one, other] = [await response(), await response()];
    buffered.add(one, 30);
    buffered.add(one, 20);
    buffered.add(other, 40);
    buffered.remove(one, 30);
    expect([buffered.of(one), buffered.of(other), buffered.total]).to.deep.equal([20, 40, 60]);
    buffered.remove(one, 100);
    expect([buffered.of(one), buffered.total]).to.deep.equal([0, 40]);
  });

  it('forgets responses that close', async () => {
    const buffered = new BufferedBytes<ServerResponse>(100);
    const closed = await response();
    buffered.add(closed, 30);
    closed.destroy();
    await once(closed, 'close');
    expect(buffered.total).to.equal(0);
    buffered.add(closed, 30);
    buffered.remove(closed, 30);
    expect(buffered.total).to.equal(0);
  });

  it('closes the owner that has buffered bytes the longest, but never the one that adds bytes', async () => {
    const buffered = new BufferedBytes<ServerResponse>(100);
    const [first, second, third] = [await response(), await response(), await response()];
    buffered.add(first, 40);
    buffered.add(second, 50);
    buffered.remove(first, 40);
    buffered.add(first, 10);
    buffered.add(third, 45);
    expect([first, second, third].map(({ destroyed }) => destroyed)).to.deep.equal([false, true, false]);
    expect(buffered.total).to.equal(55);
    buffered.add(third, 500);
    expect([first, third].map(({ destroyed }) => destroyed)).to.deep.equal([true, false]);
    expect(buffered.total).to.equal(545);
  });
});
