import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { ExchangeObserver, ObserveExchange } from '../../../lib/proxy/forwarding/exchange-observer.js';
import { eventually } from '../../support/eventually.js';
import { freePort } from '../../support/free-port.js';
import { askRaw } from '../../support/proxy/ask-raw.js';
import { proxyOf, type TestedProxy } from '../../support/proxy/proxy-of.js';
import { type RawUpstream, startRawUpstream } from '../../support/proxy/raw-upstream.js';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('Exchange', () => {
  const closing: (() => Promise<void>)[] = [];
  /** The calls of the observer, in order. */
  let calls: string[];

  beforeEach(() => {
    calls = [];
  });

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const observe: ObserveExchange = ({ method, target }): ExchangeObserver => {
    calls.push(`${method} ${target}`);
    return {
      requestData: (chunk) => calls.push(`> ${Buffer.from(chunk)}`),
      requestEnd: () => calls.push('>.'),
      answered: ({ status }) => calls.push(`< ${status}`),
      answerData: (chunk) => calls.push(`< ${Buffer.from(chunk)}`),
      ended: (end) => calls.push(end),
    };
  };

  async function upstreamOf(onRequest: (socket: Socket, bytes: string) => void): Promise<RawUpstream> {
    const upstream = await startRawUpstream(onRequest);
    closing.push(() => upstream.close());
    return upstream;
  }

  async function throughTo(...urls: readonly string[]): Promise<TestedProxy> {
    const proxy = await proxyOf(urls, { observe });
    closing.push(() => proxy.close());
    return proxy;
  }

  const post = (path: string, body = 'hi') =>
    ({ method: 'POST', path, body, headers: ['Host', '127.0.0.1', 'Content-Length', String(body.length)] }) as const;

  /** A client that sends a request and can disconnect. */
  async function clientOf(proxy: TestedProxy, path = '/api/chat'): Promise<Socket> {
    const socket = connect({ port: proxy.port, host: '127.0.0.1' });
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\nhi`);
    return socket;
  }

  const active = (proxy: TestedProxy) => proxy.lines('tinyllm_proxy_upstream_active_requests');

  it('calls the observer in order, and reports the end once', async () => {
    const upstream = await upstreamOf((socket) => void socket.write(ok));
    const proxy = await throughTo(upstream.url);
    expect((await askRaw(proxy.url, post('/api/chat'))).body.toString()).to.equal('ok');
    expect(calls).to.deep.equal(['POST /api/chat', '> hi', '>.', '< 200', '< ok', 'complete']);
    calls = [];
    await askRaw(proxy.url);
    expect(calls).to.deep.equal(['GET /', '>.', '< 200', '< ok', 'complete']);
    expect(active(proxy)).to.deep.equal([]);
  });

  it('continues and counts an error when the observer throws', async () => {
    const upstream = await upstreamOf((socket) => void socket.write(ok));
    const fail = () => {
      throw new Error('no');
    };
    for (const faulty of [
      fail,
      () => ({ requestData: fail, requestEnd: fail, answered: fail, answerData: fail, ended: fail }),
    ]) {
      const proxy = await proxyOf([upstream.url], { observe: faulty });
      expect(await askRaw(proxy.url, post('/a'))).to.include({ status: 200, isWhole: true });
      expect(proxy.lines('tinyllm_instrumentation_errors_total{site="proxy"}')).to.have.length(1);
      await proxy.close();
    }
  });

  for (const [title, answer] of [
    ['before the response', undefined],
    ['in the middle of a stream', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok'],
  ] as const) {
    it(`aborts the request to the upstream immediately when the client disconnects ${title}`, async () => {
      const upstream = await upstreamOf((socket) => {
        if (answer !== undefined) socket.write(answer);
      });
      const proxy = await throughTo(upstream.url);
      const client = await clientOf(proxy);
      await eventually(async () => upstream.received().includes('hi'));
      if (answer !== undefined) await once(client, 'data');
      const left = once(upstream.sockets[0] as Socket, 'close');
      client.destroy();
      await left;
      expect(calls.at(-1)).to.equal('client-left');
      expect(calls.filter((line) => line === 'client-left')).to.have.length(1);
      expect(active(proxy)).to.deep.equal([]);
      expect(proxy.lines('tinyllm_proxy_upstream_failures_total')).to.deep.equal([]);
    });
  }

  it('sends the received bytes to the client when an upstream fails during its response, and then aborts the connection', async () => {
    for (const framing of ['Content-Length: 100\r\n\r\nok', 'Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n']) {
      const upstream = await upstreamOf((socket) => void socket.end(`HTTP/1.1 200 OK\r\n${framing}`));
      const proxy = await throughTo(upstream.url);
      const answer = await askRaw(proxy.url, post('/api/chat'));
      expect(answer).to.include({ status: 200, isWhole: false });
      expect(answer.body.toString()).to.equal('ok');
      expect(calls.at(-1)).to.equal('upstream-failed');
      expect(proxy.lines('tinyllm_proxy_upstream_failures_total').join()).to.include('reason="broken"} 1');
    }
  });

  it('sends the received bytes to an HTTP/1.0 client when an upstream fails, and then resets the connection', async () => {
    const upstream = await upstreamOf((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n');
    });
    const proxy = await throughTo(upstream.url);
    const client = connect({ port: proxy.port, host: '127.0.0.1' });
    const failed = new Promise<NodeJS.ErrnoException>((resolve) => client.once('error', resolve));
    client.write('GET / HTTP/1.0\r\n\r\n');
    const [bytes] = await once(client, 'data');
    expect(String(bytes)).to.match(/^HTTP\/1\.1 200 OK\r\n(?!.*chunked)/s);
    upstream.sockets[0]?.destroy();
    expect((await failed).code).to.equal('ECONNRESET');
  });

  it('uses the error format of the API when no upstream can be reached', async () => {
    const port = await freePort();
    const proxy = await throughTo(`http://127.0.0.1:${port}`);
    const ollama = await askRaw(proxy.url, post('/api/chat'));
    expect(ollama.status).to.equal(502);
    const message = 'The model server behind this proxy cannot be reached (ECONNREFUSED); check that it runs.';
    expect(JSON.parse(ollama.body.toString())).to.deep.equal({ error: message });
    const openai = await askRaw(proxy.url, post('/v1/chat/completions'));
    const error = { message, type: 'upstream_error', param: null, code: null };
    expect(JSON.parse(openai.body.toString())).to.deep.equal({ error });
    expect(calls).to.deep.equal([
      ...['POST /api/chat', '> hi', '>.', '< 502', 'upstream-failed'],
      ...['POST /v1/chat/completions', '> hi', '>.', '< 502', 'upstream-failed'],
    ]);
    expect(proxy.lines('tinyllm_proxy_refused_total')).to.deep.equal([
      'tinyllm_proxy_refused_total{reason="upstream"} 2',
    ]);
  });

  it('retries over a new connection when an idle connection was closed', async () => {
    const upstream = await upstreamOf((socket, bytes) => {
      // The second request on a connection finds it closed, as after an idle timeout.
      if (bytes.includes('/api/embed')) socket.write(ok);
      else if (upstream.sockets.length === 1) socket.resetAndDestroy();
      else socket.write(ok);
    });
    const proxy = await throughTo(upstream.url);
    await askRaw(proxy.url, post('/api/embed'));
    expect(await askRaw(proxy.url, post('/api/chat', 'once more'))).to.include({ status: 200 });
    expect(upstream.received().split('once more')).to.have.length(3);
    expect(calls.slice(6)).to.deep.equal(['POST /api/chat', '> once more', '>.', '< 200', '< ok', 'complete']);
    expect(proxy.lines('tinyllm_proxy_upstream_failures_total')).to.deep.equal([]);
    expect(proxy.lines('tinyllm_proxy_retries_total')).to.have.length(1);
  });

  it('retries a failed model call at another upstream, but no request that may change something', async () => {
    const dying = await upstreamOf((socket) => socket.resetAndDestroy());
    const good = await upstreamOf((socket) => void socket.write(ok));
    const ask = async (path: string) => {
      const proxy = await throughTo(dying.url, good.url);
      return (await askRaw(proxy.url, post(path))).status;
    };
    for (const path of ['/api/generate', '/v1/chat/completions?x=1']) expect(await ask(path), path).to.equal(200);
    for (const path of ['/api/pull', '/v1/responses', '/api/chat/x']) expect(await ask(path), path).to.equal(502);
  });

  it('does not retry a request that is too large for the buffer', async () => {
    const dying = await upstreamOf((socket, bytes) => {
      if (bytes.includes('z')) socket.resetAndDestroy();
    });
    const good = await upstreamOf((socket) => void socket.write(ok));
    const proxy = await throughTo(dying.url, good.url);
    expect((await askRaw(proxy.url, post('/api/chat', `${'a'.repeat(2 * 1024 * 1024)}z`))).status).to.equal(502);
    expect(good.received()).to.equal('');
  });

  it('forwards a response that comes before the end of the request, and discards the rest of the request', async () => {
    const upstream = await upstreamOf((socket, bytes) => {
      if (bytes.startsWith('POST /early')) socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno');
      else if (bytes.startsWith('POST')) socket.write(ok);
    });
    const proxy = await throughTo(upstream.url);
    const client = connect({ port: proxy.port, host: '127.0.0.1' });
    let heard = '';
    client.on('data', (bytes) => {
      heard += bytes.toString();
    });
    client.write('POST /early HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 6\r\n\r\nabc');
    await eventually(async () => heard.endsWith('no'));
    await eventually(async () => upstream.sockets[0]?.destroyed);
    client.write('defPOST /api/chat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\nhi');
    await eventually(async () => heard.endsWith('ok'));
    expect(calls.filter((line) => line === 'complete')).to.have.length(2);
    client.destroy();
  });

  it('answers requests that arrive together in order', async () => {
    const upstream = await upstreamOf((socket, bytes) => {
      const [, path = ''] = /^GET \/(\w+)/.exec(bytes) ?? [];
      const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${path}`;
      if (path === 'slow') void sleep(50).then(() => socket.write(answer));
      else socket.write(answer);
    });
    const proxy = await throughTo(upstream.url);
    const client = connect({ port: proxy.port, host: '127.0.0.1' });
    let heard = '';
    client.on('data', (bytes) => {
      heard += bytes.toString();
    });
    client.write(['slow', 'quick', 'last'].map((path) => `GET /${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`).join(''));
    await eventually(async () => heard.endsWith('last'));
    expect([...heard.matchAll(/\r\n\r\n(slow|quick|last)/g)].map(([, path]) => path)).to.deep.equal([
      'slow',
      'quick',
      'last',
    ]);
    client.destroy();
  });
});
