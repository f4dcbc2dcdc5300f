import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { eventually } from '../../support/eventually.js';
import { askRaw } from '../../support/proxy/ask-raw.js';
import { proxyOf, type TestedProxy } from '../../support/proxy/proxy-of.js';
import { type RawUpstream, startRawUpstream } from '../../support/proxy/raw-upstream.js';
import { sendRaw } from '../../support/send-raw.js';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('ProxyServer', () => {
  let upstream: RawUpstream;
  let proxy: TestedProxy;

  beforeEach(async () => {
    upstream = await startRawUpstream((socket) => void socket.write(ok));
    proxy = await proxyOf([upstream.url]);
  });

  afterEach(async () => {
    await proxy.close();
    await upstream.close();
  });

  const host = 'Host: 127.0.0.1\r\n';
  const smuggled: readonly [title: string, bytes: string, status: number][] = [
    ['two lengths', `POST / HTTP/1.1\r\n${host}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`, 400],
    ['two equal lengths', `POST / HTTP/1.1\r\n${host}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`, 400],
    ['a list of lengths', `POST / HTTP/1.1\r\n${host}Content-Length: 5, 5\r\n\r\nhello`, 400],
    ['a length with a sign', `POST / HTTP/1.1\r\n${host}Content-Length: +5\r\n\r\nhello`, 400],
    [
      'a length and chunks',
      `POST / HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    [
      'chunks and a length',
      `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['chunks not last', `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`, 400],
    ['an unknown transfer coding', `POST / HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 501],
    ['compressed chunks', `POST / HTTP/1.1\r\n${host}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 501],
    ['a space before a colon', `POST / HTTP/1.1\r\n${host}Content-Length : 5\r\n\r\nhello`, 400],
    ['a header over two lines', `GET / HTTP/1.1\r\n${host}X-A: 1\r\n Content-Length: 5\r\n\r\n`, 400],
    ['a bare line feed', `GET / HTTP/1.1\n${host}X-A: 1\nX-B: 2\r\n\r\n`, 400],
    ['a bare carriage return', `GET / HTTP/1.1\r\n${host}X-A: 1\rX-B: 2\r\n\r\n`, 400],
    ['a zero in a header', `GET / HTTP/1.1\r\n${host}X-A: 1\0\r\n\r\n`, 400],
    ['two hosts', `GET / HTTP/1.1\r\n${host}${host}\r\n`, 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['no method', `/ HTTP/1.1\r\n${host}\r\n`, 400],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['HTTP/1.0 with chunks', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['CONNECT', `CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n`, 405],
    ['the name of another server', `GET http://example.com/ HTTP/1.1\r\n${host}\r\n`, 400],
    ['a target that is not a path', `GET api HTTP/1.1\r\n${host}\r\n`, 400],
    ['large headers', `GET / HTTP/1.1\r\n${host}X-A: ${'a'.repeat(70_000)}\r\n\r\n`, 431],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ];
  for (const [title, bytes, status] of smuggled) {
    it(`rejects ${title}, and sends nothing to an upstream`, async () => {
      const answer = await sendRaw(proxy.port, Buffer.from(`${bytes}GET /smuggled HTTP/1.1\r\n${host}\r\n`, 'latin1'));
      expect(answer).to.match(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(upstream.received()).to.equal('');
      expect(proxy.lines('tinyllm_proxy_refused_total').join()).to.match(/reason="(?:malformed|target)"\} 1$/);
    });
  }

  for (const size of ['zz', '-1', '5 ', '0x5', '5;\x01', 'ffffffffffffffffff', '5\n', '']) {
    it(`rejects a chunk of size ${JSON.stringify(size)}, and aborts the request to the upstream`, async () => {
      const head = `POST /api/chat HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`;
      const silent = await startRawUpstream(() => {});
      const through = await proxyOf([silent.url]);
      const answer = await sendRaw(through.port, Buffer.from(`${head}${size}\r\nhello\r\n0\r\n\r\n`, 'latin1'));
      expect(answer).to.match(/^HTTP\/1\.1 400 /);
      await eventually(async () => silent.sockets.every(({ destroyed }) => destroyed));
      expect(silent.received()).to.not.include('0\r\n\r\n');
      expect(through.lines('tinyllm_proxy_upstream_active_requests')).to.deep.equal([]);
      await through.close();
      await silent.close();
    });
  }

  it('serves other clients after any bytes', async () => {
    const word = fc.constantFrom(
      'GET / HTTP/1.1\r\n',
      host,
      'Content-Length: 3\r\n',
      'Transfer-Encoding: chunked\r\n',
      '\r\n',
      '3\r\nabc\r\n',
      '0\r\n\r\n',
      'POST /v1/chat/completions HTTP/1.1\r\n',
      'Expect: 100-continue\r\n',
      'Connection: close\r\n',
    );
    const noise = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
    const texts = fc.sample(fc.array(fc.oneof(word, word, word, noise), { maxLength: 12 }), 300);
    await Promise.all(texts.map((pieces) => sendRaw(proxy.port, Buffer.from(pieces.join(''), 'latin1'))));
    expect((await askRaw(proxy.url)).body.toString()).to.equal('ok');
    await eventually(async () => proxy.lines('tinyllm_proxy_upstream_active_requests').length === 0);
  });

  it('rejects a protocol upgrade by an upstream', async () => {
    const odd = await startRawUpstream((socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhello');
    });
    const through = await proxyOf([odd.url]);
    expect((await askRaw(through.url)).status).to.equal(502);
    await through.close();
    await odd.close();
  });

  it('forwards an upgrade request as a normal request', async () => {
    const headers = [
      'Host',
      '127.0.0.1',
      'Connection',
      'Upgrade, HTTP2-Settings',
      'Upgrade',
      'h2c',
      'HTTP2-Settings',
      'AAMA',
    ];
    expect(await askRaw(proxy.url, { headers })).to.include({ status: 200 });
    expect(upstream.received()).to.not.match(/upgrade|h2c|http2/i);
  });

  const many = 'X-A: 1\r\n'.repeat(1_500);
  const late: readonly [title: string, fields: string, body: string][] = [
    ['a length', 'Content-Length: 5\r\n', 'hello'],
    ['chunks', 'Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\n\r\n'],
  ];
  for (const [title, fields, body] of late) {
    it(`forwards a body whose ${title} comes after many headers`, async () => {
      await sendRaw(proxy.port, Buffer.from(`GET / HTTP/1.1\r\n${host}${many}${fields}\r\n${body}`, 'latin1'));
      expect(upstream.received().split('X-A: 1')).to.have.length(1_501);
      expect(upstream.received())
        .to.include(fields)
        .and.to.match(new RegExp(`\r\n\r\n${body}$`));
    });
  }

  it('keeps Content-Length and Host even if Connection names them', async () => {
    const headers = [
      'Host',
      '127.0.0.1',
      'Connection',
      'close, Content-Length, Host, X-Mine',
      'X-Mine',
      '1',
      'Content-Length',
      '2',
    ];
    expect(await askRaw(proxy.url, { method: 'POST', headers, body: 'hi' })).to.include({ status: 200 });
    expect(upstream.received()).to.include('Content-Length: 2').and.to.include('Host: ').and.to.not.include('X-Mine');
  });

  it('finishes running requests when it is closed, and accepts no new ones', async () => {
    const slow = await startRawUpstream((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n');
    });
    const through = await proxyOf([slow.url]);
    const idle = connect({ port: through.port, host: '127.0.0.1' });
    await once(idle, 'connect');
    const response = await fetch(through.url);
    const closed = through.close({ graceSeconds: 20 });
    await once(idle, 'close');
    const refused = await fetch(through.url).catch((error: Error) => error.cause);
    expect(refused).to.have.property('code', 'ECONNREFUSED');
    slow.sockets[0]?.write('4\r\n, so\r\n0\r\n\r\n');
    expect(await response.text()).to.equal('ok, so');
    await closed;
    await slow.close();
  });

  it('disconnects requests that do not end in the grace period', async () => {
    const silent = await startRawUpstream(() => {});
    const through = await proxyOf([silent.url]);
    const asked = fetch(through.url).catch((error: Error) => error.message);
    await eventually(async () => silent.received() !== '');
    await through.close({ graceSeconds: 0.05 });
    expect(await asked).to.equal('fetch failed');
    await silent.close();
  });

  describe('with many requests of one client', () => {
    const request = `POST /api/chat HTTP/1.1\r\n${host}Content-Length: 2\r\n\r\nhi`;

    it('answers pipelined requests in order, with one at a time at the upstream', async () => {
      let most = 0;
      const slow = await startRawUpstream((socket) => {
        const [line = ' 0'] = through.lines('tinyllm_proxy_upstream_active_requests');
        most = Math.max(most, Number(line.split(' ').at(-1)));
        setTimeout(() => socket.write(ok), 5);
      });
      const through = await proxyOf([slow.url]);
      const socket = connect({ port: through.port, host: '127.0.0.1' });
      let answer = '';
      socket.on('data', (bytes) => {
        answer += bytes.toString();
      });
      socket.write(request.repeat(10));
      await eventually(async () => answer.split('200 OK').length === 11);
      socket.destroy();
      expect([most, slow.sockets.length]).to.deep.equal([1, 1]);
      await through.close();
      await slow.close();
    });

    it('closes a connection that pipelines hundreds of requests', async () => {
      const silent = await startRawUpstream(() => {});
      const through = await proxyOf([silent.url]);
      const socket = connect({ port: through.port, host: '127.0.0.1' }).on('error', () => {});
      socket.write(request.repeat(997));
      await new Promise((resolve) => socket.once('close', resolve));
      await eventually(async () => silent.sockets.every(({ destroyed }) => destroyed));
      expect(silent.sockets.length).to.be.at.most(1);
      await through.close();
      await silent.close();
    });

    const states: readonly [title: string, bytes: string, answer: string, options: object][] = [
      ['which waits for a response', request, '', {}],
      ['which waits for a response, with pipelined requests', request.repeat(10), '', {}],
      ['which waits for a slot', request, '', { maxConcurrent: 1 }],
      ['which sends a body', `POST / HTTP/1.1\r\n${host}Content-Length: 99\r\n\r\nhi`, '', {}],
      ['which reads a response', request, 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi', {}],
      ['whose first byte is late', request, 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n', {}],
    ];
    for (const [title, bytes, answer, options] of states) {
      it(`aborts the request to the upstream when the client disconnects, ${title}`, async () => {
        const silent = await startRawUpstream((socket) => void socket.write(answer));
        const through = await proxyOf([silent.url], options);
        const sockets = [0, 1].map(() => connect({ port: through.port, host: '127.0.0.1' }).on('error', () => {}));
        for (const socket of sockets) socket.write(bytes);
        await eventually(async () => silent.sockets.length > 0);
        for (const socket of sockets) socket.destroy();
        await eventually(async () => silent.sockets.every(({ destroyed }) => destroyed));
        for (const metric of ['proxy_upstream_active_requests', 'queue_active_workers', 'queue_size']) {
          await eventually(async () => through.lines(`tinyllm_${metric}`).length === 0);
        }
        await through.close();
        await silent.close();
      });
    }
  });

  it('closes the longest idle connection beyond its limit, or else the new connection', async () => {
    const silent = await startRawUpstream((socket, bytes) => {
      if (bytes.startsWith('GET')) socket.write(ok);
    });
    const through = await proxyOf([silent.url], { maxConnections: 2 });
    const open = async (): Promise<Socket> => {
      const socket = connect({ port: through.port, host: '127.0.0.1' }).on('error', () => {});
      await once(socket, 'connect');
      return socket;
    };
    const busy = await open();
    busy.write(`POST /api/chat HTTP/1.1\r\n${host}Content-Length: 2\r\n\r\nhi`);
    await eventually(async () => silent.received().includes('POST'));
    const idle = await open();
    const idleClosed = new Promise((resolve) => idle.once('close', resolve));
    expect((await askRaw(through.url)).status).to.equal(200);
    await idleClosed;
    const second = await open();
    second.write(`POST /api/chat HTTP/1.1\r\n${host}Content-Length: 2\r\n\r\nhi`);
    await eventually(async () => silent.received().split('POST').length === 3);
    const refused = await open();
    await new Promise((resolve) => refused.once('close', resolve));
    expect([busy.destroyed, second.destroyed]).to.deep.equal([false, false]);
    for (const socket of [busy, second]) socket.destroy();
    await through.close();
    await silent.close();
  });
});
