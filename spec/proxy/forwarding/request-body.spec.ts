import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { eventually } from '../../support/eventually.js';
import { askRaw } from '../../support/proxy/ask-raw.js';
import { proxyOf, type TestedProxy } from '../../support/proxy/proxy-of.js';
import { cutAt, startRawUpstream, writeInPieces } from '../../support/proxy/raw-upstream.js';
import {
  type RecordedRequest,
  type RecordingUpstream,
  startRecordingUpstream,
} from '../../support/proxy/recording-upstream.js';

describe('RequestBody', () => {
  let upstream: RecordingUpstream;
  let proxy: TestedProxy;

  before(async () => {
    upstream = await startRecordingUpstream();
    proxy = await proxyOf([upstream.url]);
  });

  after(async () => {
    await proxy.close();
    await upstream.close();
  });

  /** The bytes that the upstream receives when these bytes are sent to a server. */
  async function recorded(url: string, bytes: string, places: readonly number[]): Promise<RecordedRequest | undefined> {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    const answered = once(socket, 'data');
    await writeInPieces(socket, cutAt(bytes, places));
    await answered;
    socket.destroy();
    return upstream.requests.at(-1);
  }

  async function expectSame(bytes: string, places: readonly number[]): Promise<void> {
    const { host } = new URL(upstream.url);
    const direct = await recorded(upstream.url, bytes.replace('HOST', host), places);
    expect(await recorded(proxy.url, bytes.replace('HOST', '127.0.0.1'), places)).to.deep.equal(direct);
  }

  const inChunks =
    'POST /api/chat?x=%20&y=\xe9/../ HTTP/1.1\r\nX-Odd-CASE: \xe9\r\nhOST: HOST\r\nTransfer-Encoding: chunked\r\n' +
    'Trailer: X-Sum\r\nX-Odd-CASE: 2\r\n\r\n6\r\n{"a":1\r\n4;ext=1\r\n}\r\n\xff\r\n0\r\nX-Sum: 77\r\n\r\n';

  it('forwards a request unchanged except for Host, wherever it is split', async () => {
    for (let place = 1; place < inChunks.length; place += 3) await expectSame(inChunks, [place]);
  });

  it('forwards any headers and bodies', async () => {
    const header = fc.tuple(
      fc.stringMatching(/^X-[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}$/),
      fc.stringMatching(/^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]{0,20}[\x21-\x7e\x80-\xff])?)?$/),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'),
        fc.stringMatching(/^\/[\w/.%~!$&'()*+,;=:@?-]{0,20}$/),
        fc.array(header, { maxLength: 5 }),
        fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
        fc.array(fc.nat(), { maxLength: 4 }),
        async (method, path, headers, body, cuts) => {
          const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
          const bytes = `${method} ${path} HTTP/1.1\r\nHost: HOST\r\n${lines}Content-Length: ${body.length}\r\n\r\n${body}`;
          await expectSame(
            bytes,
            cuts.map((cut) => cut % bytes.length),
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  it('declares no body for a request without a body', async () => {
    for (const method of ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'PUT', 'POST']) {
      const bytes = `${method} /none HTTP/1.1\r\nHost: HOST\r\nX-A: 1\r\n`;
      if (method !== 'PUT' && method !== 'POST') await expectSame(`${bytes}\r\n`, []);
      else {
        const passed = await recorded(proxy.url, `${bytes.replace('HOST', '127.0.0.1')}\r\n`, []);
        expect(passed?.headers.slice(2)).to.deep.equal(['X-A', '1', 'Content-Length', '0']);
      }
    }
    await askRaw(proxy.url, { method: 'POST', path: '/none', headers: ['Host', '127.0.0.1', 'Content-Length', '0'] });
    expect(upstream.requests.at(-1)?.headers).to.include.members(['Content-Length', '0']);
    await askRaw(proxy.url, { path: '/none' });
    expect(upstream.requests.at(-1)?.headers).to.deep.equal(['Host', new URL(upstream.url).host]);
  });

  it('lets the upstream decide whether to send 100 (Continue)', async () => {
    const strict = await startRawUpstream((socket, bytes) => {
      if (bytes.startsWith('POST /no')) socket.end('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n');
      else if (bytes.startsWith('POST')) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
    const through = await proxyOf([strict.url]);
    const ask = async (path: string, extra: readonly string[] = []): Promise<string[]> => {
      const socket = connect({ port: through.port, host: '127.0.0.1' });
      const heard: string[] = [];
      socket.on('data', (bytes) => {
        heard.push(bytes.toString('latin1').split('\r\n')[0] ?? '');
        if (heard.at(-1)?.includes('100')) socket.write('hello');
      });
      const lines = [`POST ${path} HTTP/1.1`, 'Host: 127.0.0.1', 'Content-Length: 5', 'Expect: 100-continue', ...extra];
      socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
      await eventually(async () => heard.some((line) => /[24]\d\d/.test(line)));
      socket.destroy();
      return heard;
    };
    expect(await ask('/yes')).to.deep.equal(['HTTP/1.1 100 Continue', 'HTTP/1.1 200 OK']);
    expect(await ask('/no')).to.deep.equal(['HTTP/1.1 413 Too Large']);
    expect(strict.received()).to.include('Expect: 100-continue');
    await through.close();
    await strict.close();
  });

  it('forwards the head before the body, and each chunk before the next', async () => {
    const slow = await startRawUpstream(() => {});
    const through = await proxyOf([slow.url]);
    const socket = connect({ port: through.port, host: '127.0.0.1' });
    const sent: readonly [piece: string, got: string][] = [
      [
        'POST /a HTTP/1.1\r\nHost: 127.0.0.1\r\nX-N: \xe9\r\nContent-Length: 10\r\n\r\n',
        'X-N: \xe9\r\nContent-Length: 10',
      ],
      ['hello', '\r\n\r\nhello'],
      ['world', '\r\n\r\nhelloworld'],
    ];
    for (const [piece, got] of sent) {
      socket.write(Buffer.from(piece, 'latin1'));
      await eventually(async () => slow.received().includes(got));
    }
    socket.destroy();
    await through.close();
    await slow.close();
  });

  it('stops reading from the client while the upstream reads slowly', async () => {
    const slow = await startRawUpstream((socket) => void socket.pause());
    const through = await proxyOf([slow.url]);
    const socket = connect({ port: through.port, host: '127.0.0.1' });
    socket.write('POST /a HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 67108864\r\n\r\n');
    // Until no more bytes are accepted: then all buffers are full.
    for (let moves = true; moves && socket.bytesWritten < 64 * 1024 * 1024; ) {
      if (socket.write(Buffer.alloc(65_536))) continue;
      const ended = new AbortController();
      moves = await Promise.race([
        once(socket, 'drain', { signal: ended.signal }).then(
          () => true,
          () => false,
        ),
        sleep(300, false),
      ]);
      ended.abort();
    }
    expect(socket.bytesWritten).to.be.below(32 * 1024 * 1024);
    socket.destroy();
    await through.close();
    await slow.close();
  });

  it('disconnects a client that stops sending, and aborts the request to the upstream, but accepts a slow client', async () => {
    const impatient = await proxyOf([upstream.url], { silentBodySeconds: 0.2 });
    const send = async (pieces: readonly string[]) => {
      const socket = connect({ port: impatient.port, host: '127.0.0.1' });
      await once(socket, 'connect');
      const ended = once(socket, 'close').then(() => 'cut off');
      const answered = once(socket, 'data').then(() => 'answered');
      for (const piece of pieces) {
        socket.write(piece);
        await sleep(80);
      }
      const outcome = await Promise.race([ended, answered]);
      socket.destroy();
      return outcome;
    };
    const head = `POST /api/chat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 6\r\n\r\n`;
    expect(await send([head, 'ab'])).to.equal('cut off');
    expect(await send([head, 'a', 'b', 'c', 'd', 'e', 'f'])).to.equal('answered');
    await eventually(async () => impatient.lines('tinyllm_proxy_upstream_active_requests').length === 0);
    await impatient.close();
  });
});
