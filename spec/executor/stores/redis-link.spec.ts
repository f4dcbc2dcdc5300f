import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { expect } from 'chai';
import { StoreError } from '../../../lib/executor/errors/store-errors.js';
import { RedisLink } from '../../../lib/executor/stores/redis-link.js';
import { freePort } from '../../support/free-port.js';

const ping = (link: RedisLink) => link.use('ping', (client) => client.ping()).catch((error: unknown) => error);

describe('RedisLink', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
    server = undefined;
  });

  it('reports the server that refused the connection, without the password', async () => {
    const port = await freePort();
    const link = new RedisLink(`redis://:secret@127.0.0.1:${port}`);
    const problem = await ping(link);
    expect(problem).to.be.instanceOf(StoreError).and.to.include({ store: 'redis', operation: 'ping' });
    expect(problem)
      .to.have.property('message')
      .that.includes(`redis://127.0.0.1:${port} failed to ping: connect ECONNREFUSED`)
      .and.not.includes('secret');
    await link.close();
  });

  it('waits at most until its deadline, and then fails immediately for a while', async () => {
    let connections = 0;
    // Simulates a Redis server that hangs: it accepts connections and never replies.
    server = createServer((socket) => {
      connections++;
      socket.on('error', () => undefined).resume();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const link = new RedisLink(`redis://127.0.0.1:${port}`, { deadlineMilliseconds: 50, restMilliseconds: 60_000 });
    for (let time = 0; time < 3; time++) {
      expect(await ping(link))
        .to.have.property('message')
        .that.includes('no reply within 50 ms');
    }
    expect(connections).to.equal(1);
    const impatient = new RedisLink(`redis://127.0.0.1:${port}`, { deadlineMilliseconds: 50, restMilliseconds: 0 });
    await Promise.all([ping(impatient), ping(impatient)]);
    await ping(impatient);
    expect(connections).to.equal(3);
  });
});
