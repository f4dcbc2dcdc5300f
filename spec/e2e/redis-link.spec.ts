import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { StoreError } from '../../lib/executor/errors/store-errors.js';
import { connectRedis } from '../../lib/executor/queue/redis-connection.js';
import { RedisQueue } from '../../lib/executor/queue/redis-queue.js';
import { openConversations } from '../../lib/executor/stores/open-conversations.js';
import { RedisCache } from '../../lib/executor/stores/redis-cache.js';
import { RedisLink } from '../../lib/executor/stores/redis-link.js';
import { needPrograms } from '../support/e2e-programs.js';
import { freePort } from '../support/free-port.js';
import { RedisServer, redisServer } from '../support/redis.js';
import { runNode } from '../support/run-node.js';
import { certificates } from '../support/web-config-folder.js';

describe('connections to a Redis', function () {
  this.timeout(60_000);
  let redis: RedisServer;
  before(async function () {
    needPrograms(this, redisServer);
    redis = await RedisServer.start();
    await redis.ask('ACL SETUSER few on >pass:word ~tinyllm:* resetchannels -@all +get +set +select');
  });
  after(() => redis?.kill());

  const address = (credentials: string, database = '') => `redis://${credentials}@127.0.0.1:${redis.port}${database}`;
  const failure = async (url: string) => {
    const link = new RedisLink(url);
    const error = await link.use('get', (client) => client.get('tinyllm:a')).catch((thrown: unknown) => thrown);
    await link.close();
    if (!(error instanceof StoreError)) throw new Error(`not a StoreError: ${inspect(error)}`);
    return error;
  };

  it('need only the permissions for their own commands, and print nothing', async () => {
    const code = `
      import { ResponseCache } from '@tinyllm/executor';
      const cache = new ResponseCache({ store: ${JSON.stringify(address('few:pass%3Aword', '/2'))} });
      await cache.set('a', { text: ':' });
      console.log(await cache.get('a'));
    `;
    const run = await runNode(['--input-type=module', '--eval', code]);
    expect(run).to.deep.equal({ code: 0, stdout: "{ text: ':' }\n", stderr: '' });
  });

  it('fail every time with a wrong password, and never show it', async () => {
    for (const credentials of ['few:hunter2', 'nobody:hunter2', ':hunter2']) {
      const error = await failure(address(credentials));
      expect(error.message).to.match(/WRONGPASS|ERR AUTH/);
      expect(inspect(error, { depth: 9 })).not.to.include('hunter2');
    }
    const link = new RedisLink(address('few:hunter2'), { restMilliseconds: 0 });
    for (let time = 0; time < 3; time++) {
      const error = await link.use('get', (client) => client.get('tinyllm:a')).catch((thrown: unknown) => thrown);
      expect(error).to.have.property('message').that.includes('WRONGPASS');
    }
    await link.close();
    const queue = await connectRedis({ url: address('few:hunter2') }).catch((thrown: unknown) => thrown);
    expect(queue).to.have.property('message').that.includes('WRONGPASS');
    expect(inspect(queue, { depth: 9 })).not.to.include('hunter2');
  });

  it('fail for a database that does not exist, and do not use another one', async () => {
    expect((await failure(`${redis.url}/99`)).message).to.include('ERR DB index is out of range');
    const queue = await connectRedis({ url: `${redis.url}/99` }).catch((thrown: unknown) => thrown);
    expect(queue).to.have.property('message').that.includes('ERR DB index is out of range');
  });

  it('support TLS, and reject servers with untrusted certificates', async () => {
    const port = await freePort();
    const files = (kind: string, name: string) => [`--tls-${kind}-file`, resolve(certificates, name)];
    const server = spawn(
      'redis-server',
      [
        ...['--port', '0', '--tls-port', String(port), '--bind', '127.0.0.1', '--save', ''],
        ...['--tls-auth-clients', 'no', ...files('cert', 'server.pem'), ...files('key', 'server-key.pem')],
        ...files('ca-cert', 'authority.pem'),
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    try {
      for await (const text of server.stdout) if (String(text).includes('Ready to accept')) break;
      const url = `rediss://localhost:${port}`;
      expect((await failure(url)).message).to.match(/certificate/);
      const code = `
        import { ResponseCache } from '@tinyllm/executor';
        const cache = new ResponseCache({ store: ${JSON.stringify(url)}, deadlineMilliseconds: 10000 });
        await cache.set('a', 1);
        console.log(await cache.get('a'));
      `;
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: resolve(certificates, 'authority.pem') };
      const run = await runNode(['--input-type=module', '--eval', code], { env });
      expect(run).to.deep.equal({ code: 0, stdout: '1\n', stderr: '' });
    } finally {
      server.kill('SIGKILL');
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
    }
  });

  it('report a failed command of a transaction, without its arguments', async () => {
    await redis.ask('SET tinyllm:session:text hello');
    const store = openConversations({ store: redis.url });
    const exchange = { at: '2026-11-28T00:00:00.000Z', question: 'hunter2', answer: 'hunter2' };
    const error = await store.append('text', exchange).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(StoreError).with.property('message').that.includes('WRONGTYPE');
    expect(inspect(error, { depth: 9 })).not.to.include('hunter2');
    await store.close();
  });

  it('report why a full server rejected a conversation or a job, without its text', async () => {
    await redis.ask('CONFIG SET maxmemory 1');
    try {
      const store = openConversations({ store: redis.url });
      const exchange = { at: '2026-11-28T00:00:00.000Z', question: 'hunter2', answer: 'hunter2' };
      const error = await store.append('full', exchange).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(StoreError).with.property('message').that.includes('OOM');
      expect(inspect(error, { depth: 9 })).not.to.include('hunter2');
      await store.close();
      const queue = await RedisQueue.open({ url: redis.url });
      const jobError = await queue.add({ text: 'hunter2' } as never).catch((thrown: unknown) => thrown);
      expect(jobError).to.be.instanceOf(Error);
      expect(inspect(jobError, { depth: 9 }))
        .to.include('OOM')
        .and.not.include('hunter2');
      await queue.close();
    } finally {
      await redis.ask('CONFIG SET maxmemory 0');
    }
  });

  it('read cached values of version 0.1, which used Keyv, and write values that it reads', async () => {
    const cache = new RedisCache(redis.url, { ttlMilliseconds: 60_000 });
    await redis.ask(`SET tinyllm:cache:old '{"value":{"text":"::a"},"expires":9999999999999}'`);
    expect(await cache.get('old')).to.deep.equal({ text: ':a' });
    await cache.set('new', { text: ':a', list: [1, ':base64:', null] });
    expect(await redis.ask('GET tinyllm:cache:new')).to.match(
      /\r\n\{"value":\{"text":"::a","list":\[1,"::base64:",null\]\}\}\r\n$/,
    );
    expect(await cache.get('new')).to.deep.equal({ text: ':a', list: [1, ':base64:', null] });
    await cache.close();
  });

  it('fail running operations when they are closed, and can be opened again', async () => {
    const link = new RedisLink(redis.url, { deadlineMilliseconds: 600_000, restMilliseconds: 0 });
    await link.use('ping', (client) => client.ping());
    redis.pause();
    const events = new EventEmitter();
    const running = link.use('ping', (client) => {
      events.emit('started');
      return client.ping();
    });
    const error = running.catch((thrown: unknown) => thrown);
    await once(events, 'started');
    await link.close();
    expect(await error)
      .to.be.instanceOf(StoreError)
      .with.property('message')
      .that.includes('Connection is closed');
    redis.resume();
    expect(await link.use('ping', (client) => client.ping())).to.equal('PONG');
    await link.close();
  });
});
