import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { ApiKeys } from '../../../lib/core/server/api-keys.js';
import type { ProxyOptions } from '../../../lib/proxy/forwarding/start-proxy.js';
import { eventually } from '../../support/eventually.js';
import { askRaw, type RawResponse } from '../../support/proxy/ask-raw.js';
import { proxyOf, type TestedProxy } from '../../support/proxy/proxy-of.js';
import { type RawUpstream, startRawUpstream } from '../../support/proxy/raw-upstream.js';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('Gate', () => {
  let upstream: RawUpstream;
  let proxy: TestedProxy;
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tinyllm-gate-'));
  });

  afterEach(async () => {
    await proxy.close();
    await upstream.close();
    rmSync(folder, { recursive: true });
  });

  /** A proxy with an upstream that responds immediately, or only when it is released. */
  async function gateOf(options: Partial<ProxyOptions>, { answers = true } = {}): Promise<void> {
    upstream = await startRawUpstream((socket) => {
      if (answers) socket.write(ok);
    });
    proxy = await proxyOf([upstream.url], options);
  }

  const ask = (path: string, { method = 'POST', headers = [] as readonly string[] } = {}): Promise<RawResponse> =>
    askRaw(proxy.url, { method, path, headers: ['Host', '127.0.0.1', ...headers] });
  const keysOf = (text: string): ApiKeys => {
    writeFileSync(join(folder, 'keys'), text);
    return new ApiKeys(join(folder, 'keys'));
  };
  const headerOf = ({ headers }: RawResponse, name: string) => headers[headers.indexOf(name) + 1];
  const refused = () => proxy.lines('tinyllm_proxy_refused_total');

  it('requires an API key if there are keys, and does not forward it', async () => {
    await gateOf({ keys: keysOf('sk-one\n') });
    for (const headers of [[], ['Authorization', 'Bearer sk-two'], ['Authorization', 'Basic sk-one']]) {
      const answer = await ask('/v1/chat/completions', { headers });
      expect(answer.status).to.equal(401);
      expect(headerOf(answer, 'WWW-Authenticate')).to.equal('Bearer');
      expect(JSON.parse(answer.body.toString()).error).to.include({ code: 'invalid_api_key' });
    }
    expect((await ask('/api/tags', { method: 'GET' })).status).to.equal(401);
    expect(upstream.received()).to.equal('');
    expect(refused()).to.deep.equal(['tinyllm_proxy_refused_total{reason="key"} 4']);
    expect((await ask('/api/chat', { headers: ['Authorization', 'Bearer sk-one'] })).status).to.equal(200);
    expect(upstream.received())
      .to.include('POST /api/chat')
      .and.to.not.match(/authorization|sk-one/i);
  });

  it('replaces the key of the client by the key for the upstream', async () => {
    await gateOf({ keys: keysOf('sk-one\n'), upstreamKey: 'sk-upstream' });
    expect((await ask('/v1/models', { method: 'GET', headers: ['authorization', 'bearer sk-one'] })).status).to.equal(
      200,
    );
    expect(upstream.received()).to.include('Authorization: Bearer sk-upstream').and.to.not.include('sk-one');
    const preflight = ['Origin', 'http://a', 'Access-Control-Request-Method', 'POST'];
    await ask('/api/chat', { method: 'OPTIONS', headers: preflight });
    expect(
      upstream.received().split('sk-upstream'),
      'only requests with a key get the key for the upstream',
    ).to.have.length(2);
  });

  for (const name of ['x-api-key', 'api-key', 'X-Goog-Api-Key']) {
    it(`accepts a key in ${name}, and sends the key for the upstream in the same header`, async () => {
      await gateOf({ keys: keysOf('sk-one\n'), upstreamKey: 'sk-upstream' });
      expect((await ask('/v1/messages', { headers: [name, 'sk-other'] })).status).to.equal(401);
      expect((await ask('/v1/messages', { headers: [name, 'sk-one'] })).status).to.equal(200);
      expect(upstream.received())
        .to.include(`${name.toLowerCase()}: sk-upstream`)
        .and.to.not.match(/sk-one|Bearer/);
    });
  }

  it('removes other keys of the client if the proxy has its own key for the upstream', async () => {
    await gateOf({ keys: keysOf('sk-one\n'), upstreamKey: 'sk-upstream' });
    await ask('/v1/messages', { headers: ['Authorization', 'Bearer sk-one', 'x-api-key', 'sk-theirs'] });
    expect(upstream.received())
      .to.include('Authorization: Bearer sk-upstream')
      .and.to.not.match(/sk-one|sk-theirs|x-api-key/);
  });

  it('forwards a second key of the client that is not a key of the proxy', async () => {
    await gateOf({ keys: keysOf('sk-one\n') });
    await ask('/v1/messages', { headers: ['Authorization', 'Bearer sk-one', 'x-api-key', 'sk-theirs'] });
    expect(upstream.received())
      .to.include('x-api-key: sk-theirs')
      .and.to.not.match(/sk-one/);
  });

  it('passes the name of the key to the observer', async () => {
    const names: (string | undefined)[] = [];
    const observe: ProxyOptions['observe'] = ({ keyName }) => {
      names.push(keyName);
      return undefined;
    };
    await gateOf({ keys: keysOf('sk-one name=acme\nsk-two\n'), observe });
    for (const headers of [['Authorization', 'Bearer sk-one'], ['x-api-key', 'sk-one'], ['api-key', 'sk-two'], []]) {
      await ask('/api/chat', { headers });
    }
    expect(names).to.deep.equal(['acme', 'acme', undefined]);
  });

  it('accepts CORS preflights without a key', async () => {
    await gateOf({ keys: keysOf('sk-one\n') });
    const preflight = ['Origin', 'http://a', 'Access-Control-Request-Method', 'POST'];
    expect((await ask('/api/chat', { method: 'OPTIONS', headers: preflight })).status).to.equal(200);
    expect((await ask('/api/chat', { method: 'OPTIONS' })).status).to.equal(401);
    expect((await ask('/api/chat', { headers: preflight })).status).to.equal(401);
  });

  it('does not forward keys in a preflight', async () => {
    await gateOf({ keys: keysOf('sk-one\n') });
    const preflight = ['Origin', 'http://a', 'Access-Control-Request-Method', 'POST', 'x-api-key', 'sk-one'];
    expect((await ask('/api/chat', { method: 'OPTIONS', headers: preflight })).status).to.equal(200);
    expect(upstream.received()).to.include('OPTIONS /api/chat').and.to.not.include('sk-one');
  });

  it('requires a key for an OPTIONS request with a body, or one that is not a preflight', async () => {
    await gateOf({ keys: keysOf('sk-one\n') });
    const origin = ['Origin', 'http://a'];
    const preflight = [...origin, 'Access-Control-Request-Method', 'POST'];
    const bodies: readonly [headers: readonly string[], body: string][] = [
      [[...preflight, 'Content-Length', '2'], 'hi'],
      [[...preflight, 'Transfer-Encoding', 'chunked'], 'hi'],
      [[...preflight, 'Transfer-Encoding', 'chunked'], ''],
      [origin, ''],
      [preflight.slice(2), ''],
    ];
    for (const [headers, body] of bodies) {
      const asked = { method: 'OPTIONS', path: '/api/chat', headers: ['Host', '127.0.0.1', ...headers], body };
      expect((await askRaw(proxy.url, asked)).status, headers.join()).to.equal(401);
    }
    expect(upstream.received()).to.equal('');
    const empty = [...preflight, 'Content-Length', '0'];
    expect((await ask('/api/chat', { method: 'OPTIONS', headers: empty })).status).to.equal(200);
  });

  it('applies rate limit and queue to OPTIONS requests that are not preflights, and to GET with a body', async () => {
    const body = ['Content-Length', '2'];
    const preflight = ['Origin', 'http://a', 'Access-Control-Request-Method', 'POST'];
    const asked: readonly [method: string, headers: readonly string[]][] = [
      ['OPTIONS', []],
      ['OPTIONS', [...preflight, ...body]],
      ['GET', body],
    ];
    for (const [method, headers] of asked) {
      await gateOf({ requestsPerSecond: 0.02 });
      const question = { method, headers: ['Host', '127.0.0.1', ...headers], body: headers.length > 0 ? 'hi' : '' };
      const statuses = [await askRaw(proxy.url, question), await askRaw(proxy.url, question)];
      expect(
        statuses.map(({ status }) => status),
        `${method} ${headers}`,
      ).to.deep.equal([200, 429]);
      await proxy.close();
      await upstream.close();
    }
    await gateOf({ maxConcurrent: 1, maxWaiting: 1 }, { answers: false });
    const first = [ask('/1', { method: 'OPTIONS' }), ask('/2', { method: 'OPTIONS' })];
    await eventually(async () => upstream.sockets.length === 1 && proxy.lines('tinyllm_queue_size').length === 1);
    expect((await ask('/3', { method: 'OPTIONS' })).status).to.equal(503);
    upstream.sockets[0]?.write(ok);
    await eventually(async () => upstream.received().includes('/2'));
    for (const socket of upstream.sockets) socket.write(ok);
    await Promise.all(first);
  });

  it('limits concurrent preflights, and preflights per second', async () => {
    await gateOf({ keys: keysOf('sk-one\n') }, { answers: false });
    const headers = ['Origin', 'http://a', 'Access-Control-Request-Method', 'POST'];
    const refusals = () => refused().reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    const asked = Array.from({ length: 120 }, () => ask('/api/chat', { method: 'OPTIONS', headers }));
    await eventually(async () => refusals() === 56 && upstream.received().split('OPTIONS').length === 65);
    for (const socket of upstream.sockets) socket.write(ok);
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).to.have.length(64);
    expect(statuses.filter((status) => status === 503 || status === 429)).to.have.length(56);
  });

  it('forwards Authorization if there are no keys', async () => {
    await gateOf({});
    await ask('/api/chat', { headers: ['authorization', 'Bearer theirs'] });
    expect(upstream.received()).to.include('authorization: Bearer theirs');
  });

  it('rejects other names in Host on a loopback address', async () => {
    await gateOf({});
    const evil = await askRaw(proxy.url, { headers: ['Host', 'evil.example:11435'] });
    expect(evil.status).to.equal(403);
    expect(refused()).to.deep.equal(['tinyllm_proxy_refused_total{reason="host"} 1']);
    expect((await askRaw(proxy.url, { headers: ['Host', 'localhost:1'] })).status).to.equal(200);
  });

  it('limits the requests per second of each key', async () => {
    await gateOf({ keys: keysOf('a\nb\n'), requestsPerSecond: 0.02 });
    const by = (key: string, method = 'POST') =>
      ask('/v1/embeddings', { method, headers: ['Authorization', `Bearer ${key}`] });
    expect([(await by('a')).status, (await by('b')).status]).to.deep.equal([200, 200]);
    const late = await by('a');
    expect(late.status).to.equal(429);
    expect(Number(headerOf(late, 'Retry-After'))).to.be.within(45, 50);
    expect(JSON.parse(late.body.toString()).error.code).to.equal('rate_limit_exceeded');
    expect((await by('a', 'GET')).status, 'what only reads').to.equal(200);
    expect(refused()).to.deep.equal(['tinyllm_proxy_refused_total{reason="rate"} 1']);
  });

  it('limits concurrent and waiting requests', async () => {
    await gateOf({ maxConcurrent: 2, maxWaiting: 1 }, { answers: false });
    const asked = ['/1', '/2', '/3'].map((path) => ask(path));
    await eventually(async () => proxy.lines('tinyllm_queue_size').length === 1 && upstream.sockets.length === 2);
    const refusal = await ask('/4');
    expect([refusal.status, headerOf(refusal, 'Retry-After')]).to.deep.equal([503, '1']);
    expect(refused()).to.deep.equal(['tinyllm_proxy_refused_total{reason="queue"} 1']);
    expect(upstream.received()).to.not.match(/POST \/[34]/);
    const reading = askRaw(proxy.url, { path: '/api/tags' });
    await eventually(async () => upstream.received().includes('GET /api/tags'));
    upstream.sockets[0]?.write(ok);
    await eventually(async () => upstream.received().includes('POST /3'));
    for (const socket of upstream.sockets) socket.write(ok);
    expect((await Promise.all([...asked, reading])).map(({ status }) => status)).to.deep.equal([200, 200, 200, 200]);
    expect(proxy.lines('tinyllm_queue_active_workers')).to.deep.equal([]);
  });

  it('frees a slot in the queue as soon as its client disconnects, also with a body', async () => {
    await gateOf({ maxConcurrent: 1, maxWaiting: 5 }, { answers: false });
    const first = ask('/1');
    await eventually(async () => upstream.sockets.length === 1);
    const leaving = connect({ port: proxy.port, host: '127.0.0.1' });
    leaving.write(`POST /2 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 400000\r\n\r\n${'a'.repeat(400_000)}`);
    await eventually(async () => proxy.lines('tinyllm_queue_size').length === 1);
    leaving.destroy();
    await eventually(async () => proxy.lines('tinyllm_queue_size').length === 0);
    const third = ask('/3');
    upstream.sockets[0]?.write(ok);
    await eventually(async () => upstream.received().includes('POST /3'));
    for (const socket of upstream.sockets) socket.write(ok);
    expect([(await first).status, (await third).status]).to.deep.equal([200, 200]);
    expect(upstream.received()).to.not.include('POST /2');
  });

  describe('with slow clients', () => {
    const head = (path: string, length: number, extra = '') =>
      `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${length}\r\n${extra}\r\n`;
    const connected = () => connect({ port: proxy.port, host: '127.0.0.1' }).on('error', () => {});

    it('uses no slot for an incomplete request: other requests are still answered', async () => {
      await gateOf({ maxConcurrent: 1, maxWaiting: 1 });
      const slow = Array.from({ length: 5 }, () => connected());
      for (const socket of slow) socket.write(`${head('/slow', 10)}hello`);
      expect((await ask('/quick')).status).to.equal(200);
      expect(upstream.received()).to.not.include('/slow');
      for (const socket of slow) {
        socket.write('world');
        await eventually(async () => socket.bytesRead > 0);
        socket.destroy();
      }
      expect(upstream.received().split('helloworld')).to.have.length(6);
    });

    it('starts to forward a request when 1 MiB of its body is buffered, and buffers no more', async () => {
      await gateOf({ maxConcurrent: 1 }, { answers: false });
      const socket = connected();
      socket.write(head('/large', 2 * 1024 * 1024));
      socket.write(Buffer.alloc(1024 * 1024 - 200_000, 'a'));
      expect(await Promise.race([once(socket, 'data').then(() => 'answered'), sleep(100, 'waits')])).to.equal('waits');
      expect(upstream.sockets).to.have.length(0);
      socket.write(Buffer.alloc(1024 * 1024 + 200_000, 'a'));
      await eventually(async () => upstream.received().length > 2 * 1024 * 1024);
      upstream.sockets[0]?.write(ok);
      await once(socket, 'data');
      socket.destroy();
    });

    it('disconnects a client that sends its body too slowly, with or without a slot', async () => {
      await gateOf({ maxConcurrent: 1, stalledClientSeconds: 0.3 }, { answers: false });
      for (const length of [10, 1_200_000]) {
        const socket = connected();
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.write(head('/slow', length + 10));
        socket.write(Buffer.alloc(length, 'a'));
        // More than `silentBodySeconds` requires.
        const trickle = setInterval(() => socket.write('a'), 100);
        await closed;
        clearInterval(trickle);
      }
      await eventually(async () => proxy.lines('tinyllm_queue_active_workers').length === 0);
    });

    it('sends 100 (Continue) once to a client that waits for it', async () => {
      await gateOf({ maxConcurrent: 1 });
      const socket = connected();
      let heard = '';
      socket.on('data', (bytes) => {
        heard += bytes.toString();
        if (heard.endsWith('100 Continue\r\n\r\n')) socket.write('hello');
      });
      socket.write(head('/a', 5, 'Expect: 100-continue\r\n'));
      await eventually(async () => heard.includes('200 OK'));
      socket.destroy();
      expect(heard.split('100 Continue')).to.have.length(2);
      expect(upstream.received()).to.include('hello').and.to.not.include('Expect');
    });

    it('frees the slot when the response has arrived, even if the client reads nothing', async () => {
      const large = `HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n${'a'.repeat(1_000_000)}`;
      await gateOf({ maxConcurrent: 1 }, { answers: false });
      const socket = connected().pause();
      socket.write(head('/large', 0));
      await eventually(async () => upstream.sockets.length === 1);
      upstream.sockets[0]?.write(large);
      await eventually(async () => proxy.lines('tinyllm_queue_active_workers').length === 0);
      const second = ask('/second');
      await eventually(async () => upstream.received().includes('/second'));
      for (const one of upstream.sockets) one.write(ok);
      expect((await second).status).to.equal(200);
      let read = 0;
      socket.on('data', (bytes) => {
        read += bytes.length;
      });
      socket.resume();
      await eventually(async () => read > 1_000_000);
      socket.destroy();
    });

    it('disconnects a client that reads nothing of a long response, and aborts the request to the upstream', async () => {
      await gateOf({ maxConcurrent: 1, stalledClientSeconds: 0.3 }, { answers: false });
      const socket = connected().pause();
      socket.write(head('/endless', 0));
      await eventually(async () => upstream.sockets.length === 1);
      const [source] = upstream.sockets;
      source?.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const piece = `10000\r\n${'a'.repeat(65_536)}\r\n`;
      const more = (): void => {
        if (source?.destroyed !== false) return;
        if (source.write(piece)) setImmediate(more);
        else source.once('drain', more);
      };
      more();
      await eventually(async () => proxy.lines('tinyllm_queue_active_workers').length === 0);
      expect(source?.bytesWritten).to.be.below(64 * 1024 * 1024);
      await eventually(async () => source?.destroyed);
      socket.destroy();
    });
  });
});
