import { once } from 'node:events';
import { type ClientRequest, createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { ByteBudget } from '../../../lib/proxy/forwarding/byte-budget.js';
import { ResponseRelay } from '../../../lib/proxy/forwarding/response-relay.js';
import { eventually } from '../../support/eventually.js';
import { askRaw } from '../../support/proxy/ask-raw.js';
import { proxyOf, type TestedProxy } from '../../support/proxy/proxy-of.js';
import { cutAt, type RawUpstream, startRawUpstream, writeInPieces } from '../../support/proxy/raw-upstream.js';

describe('ResponseRelay', () => {
  let upstream: RawUpstream;
  let proxy: TestedProxy;
  let answer: { readonly pieces: readonly string[]; readonly ends: boolean };

  before(async () => {
    upstream = await startRawUpstream(async (socket, request) => {
      const [, place = ''] = /^GET \/(\d+) /.exec(request) ?? [];
      const pieces = place === '' ? answer.pieces : cutAt(answer.pieces.join(''), [Number(place)]);
      await writeInPieces(socket, pieces);
      if (answer.ends) socket.end();
    });
    proxy = await proxyOf([upstream.url]);
  });

  after(async () => {
    await proxy.close();
    await upstream.close();
  });

  /** Sends a request directly and through the proxy, and expects equal responses. */
  async function expectSame(bytes: string, places: readonly number[], question = {}): Promise<void> {
    answer = { pieces: cutAt(bytes, places), ends: true };
    const direct = await askRaw(upstream.url, question);
    expect(await askRaw(proxy.url, question)).to.deep.equal(direct);
  }

  const inChunks =
    'HTTP/1.1 200 All Right\r\nX-Odd-CASE: \xe9\r\nx-odd-case:2\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n' +
    'Set-Cookie: a=1\r\nset-cookie: b=2\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\n\r\n' +
    '6\r\n{"a":1\r\n4;ext=1\r\n}\r\n\xff\r\n1\r\n\0\r\n0\r\nX-Sum: 77\r\n\r\n';
  const ofLength = 'HTTP/1.1 404 \r\nContent-Length: 9\r\nContent-Type: text/plain\r\n\r\nnot\nthere';

  it('forwards a response unchanged, wherever it is split', async () => {
    for (const bytes of [inChunks, ofLength]) {
      answer = { pieces: [bytes], ends: true };
      const direct = await askRaw(upstream.url);
      const places = Array.from(bytes, (_, place) => place);
      const passed = await Promise.all(places.map((place) => askRaw(proxy.url, { path: `/${place}` })));
      for (const [place, one] of passed.entries()) expect(one, `cut at ${place}`).to.deep.equal(direct);
    }
  });

  it('forwards any headers, bodies and splits', async () => {
    const name = fc.stringMatching(/^X-[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}$/);
    const value = fc.stringMatching(/^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]{0,20}[\x21-\x7e\x80-\xff])?)?$/);
    const piece = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
    const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('length', 'chunks', 'closing'),
        fc.integer({ min: 200, max: 599 }).filter((status) => ![204, 205, 304].includes(status)),
        fc.array(fc.tuple(name, value), { maxLength: 6 }),
        fc.array(piece, { maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 5 }),
        async (framing, status, headers, pieces, cuts) => {
          const body = pieces.join('');
          const frame = {
            length: `Content-Length: ${body.length}\r\n\r\n${body}`,
            chunks: `Transfer-Encoding: chunked\r\n\r\n${pieces.map(chunk).join('')}0\r\n\r\n`,
            closing: `Connection: close\r\n\r\n${body}`,
          }[framing];
          const lines = headers.map(([key, text]) => `${key}: ${text}\r\n`).join('');
          const bytes = `HTTP/1.1 ${status} So\r\n${lines}${frame}`;
          await expectSame(
            bytes,
            cuts.map((cut) => cut % bytes.length),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  const methodsWithoutBody: readonly [title: string, method: string, bytes: string][] = [
    ['a response to HEAD', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nX-A: b\r\n\r\n'],
    ['a response to HEAD without a length', 'HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['204', 'POST', 'HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n'],
    ['304', 'GET', 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 10\r\n\r\n'],
  ];
  for (const [title, method, bytes] of methodsWithoutBody) {
    it(`forwards ${title}, which has no body`, () => expectSame(bytes, [], { method }));
  }

  it('forwards a response with another transfer coding, which ends when the connection is closed', () =>
    expectSame('HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok', [], {
      headers: ['Host', '127.0.0.1', 'Connection', 'keep-alive'],
    }));

  it('forwards informational responses', async () => {
    const heard: string[] = [];
    answer = {
      pieces: [
        'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n',
        'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
      ],
      ends: true,
    };
    await askRaw(proxy.url, {
      onRequest: (request) =>
        request.on('information', ({ statusCode, headers }) =>
          heard.push(`${statusCode} ${headers.link ?? ''}`.trim()),
        ),
    });
    expect(heard).to.deep.equal(['102', '103 </a>; rel=preload']);
  });

  it('forwards early hints unchanged, including those that Node rejects', async () => {
    const heard: unknown[] = [];
    // The last ones take seconds in a regular expression with backtracking.
    const links = [
      ...['</a,b>; rel=preload; as=style, </c>; rel="next"', '</a>; title="of two words"', 'nonsense', ''],
      ...['<'.repeat(60_000), `<a>${'; a'.repeat(20_000)};`],
    ];
    answer = {
      pieces: [
        ...links.map((link) => `HTTP/1.1 103 Early Hints\r\nLink: ${link}\r\n\r\n`),
        'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
      ],
      ends: true,
    };
    const onRequest = (request: ClientRequest) => request.on('information', ({ headers }) => heard.push(headers.link));
    expect(await askRaw(proxy.url, { onRequest })).to.include({ status: 200 });
    expect(heard).to.deep.equal(links);
  });

  it('forwards at most 64 informational responses and one 100 (Continue)', async () => {
    let heard = 0;
    answer = {
      pieces: [
        'HTTP/1.1 100 Continue\r\n\r\n'.repeat(500),
        'HTTP/1.1 102 Processing\r\n\r\n'.repeat(500),
        'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
      ],
      ends: true,
    };
    const onRequest = (request: ClientRequest) => request.on('information', () => heard++);
    expect(await askRaw(proxy.url, { onRequest })).to.include({ status: 200 });
    expect(heard).to.equal(65);
  });

  it('writes no informational response while the client does not read', () => {
    const written: string[] = [];
    const socket = { writableNeedDrain: false, write: (text: string) => written.push(text) };
    const response = { req: { httpVersionMajor: 1, httpVersionMinor: 1 }, headersSent: false, on: () => {}, socket };
    const relay = new ResponseRelay(response as unknown as ServerResponse, undefined, {
      waitingBudget: new ByteBudget(0),
      stallMilliseconds: 1_000,
      onStalled: () => {},
    });
    const hint = { statusCode: 103, rawHeaders: ['Link', '</a>', 'X-A', '1', 'link', '</b>'] };
    relay.passInformation(hint);
    socket.writableNeedDrain = true;
    relay.passInformation(hint);
    relay.passInformation({ statusCode: 102, rawHeaders: [] });
    expect(written).to.deep.equal(['HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nlink: </b>\r\n\r\n']);
  });

  it('treats an upstream with endless informational responses as failed', async () => {
    answer = { pieces: Array(101).fill('HTTP/1.1 102 Processing\r\n\r\n'.repeat(100)), ends: false };
    const { status, body } = await askRaw(proxy.url);
    expect([status, JSON.parse(body.toString()).error]).to.deep.equal([
      502,
      'The model server behind this proxy sent no valid response; retry, or check its log.',
    ]);
  });

  it('forwards a large number of headers', () => {
    const onRequest = (request: ClientRequest) => {
      request.maxHeadersCount = 0;
    };
    const many = Array.from({ length: 2_500 }, (_, place) => `X-${place}: 1\r\n`).join('');
    return expectSame(`HTTP/1.1 200 OK\r\n${many}Content-Encoding: x\r\nContent-Length: 2\r\n\r\nok`, [], {
      onRequest,
    });
  });

  it('removes hop-by-hop headers, and headers that Connection names', async () => {
    answer = {
      pieces: [
        'HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nProxy-Authenticate: Basic\r\nKeep-Alive: timeout=1\r\n',
        'Upgrade: h2c\r\nX-Stays: 1\r\nContent-Length: 0\r\n\r\n',
      ],
      ends: true,
    };
    expect((await askRaw(proxy.url)).headers).to.deep.equal(['X-Stays', '1', 'Content-Length', '0']);
  });

  it('forwards the head before the body, and each chunk before the next', async () => {
    answer = { pieces: ['HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'], ends: false };
    const response = await fetch(proxy.url);
    const reader = response.body?.getReader();
    const text = async () => Buffer.from((await reader?.read())?.value ?? '').toString();
    for (const piece of ['data: 1\n\n', 'data: 2\n', '\n']) {
      upstream.sockets.at(-1)?.write(piece);
      expect(await text()).to.equal(piece);
    }
    upstream.sockets.at(-1)?.end();
    expect(await text()).to.equal('');
  });

  it('rejects invalid HTTP responses, and serves further requests', async () => {
    for (const bytes of [
      'nonsense\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      'HTTP/1.1 200 O\x7fK\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n',
    ]) {
      answer = { pieces: [bytes], ends: true };
      expect((await askRaw(proxy.url)).status, bytes).to.equal(502);
    }
    await expectSame(ofLength, []);
  });

  it('sends the complete response to a slow client after the upstream has closed the connection', async () => {
    for (const framing of ['Content-Length: 3000000\r\n', '']) {
      const body = 'a'.repeat(3_000_000);
      answer = { pieces: [`HTTP/1.1 200 OK\r\n${framing}Connection: close\r\n\r\n${body}`], ends: true };
      const response = await fetch(proxy.url);
      await eventually(async () => upstream.sockets.at(-1)?.writableFinished);
      await sleep(50);
      expect((await response.text()).length).to.equal(body.length);
    }
  });

  it('stops reading from the upstream while the client reads slowly', async () => {
    let written = 0;
    let isThrough = false;
    const source = createServer((_request, response) => {
      const more = (): void => {
        while (written < 64 * 1024 * 1024) {
          written += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more);
        }
        isThrough = true;
        response.end();
      };
      more();
    }).listen(0, '127.0.0.1');
    await once(source, 'listening');
    const through = await proxyOf([`http://127.0.0.1:${(source.address() as { port: number }).port}`]);
    const response = await fetch(through.url);
    const reader = response.body?.getReader();
    await reader?.read();
    // The client does not read, so only the buffers between client, proxy and upstream fill up.
    let before = -1;
    while (written !== before) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(isThrough).to.equal(false);
    expect(written).to.be.below(32 * 1024 * 1024);
    let read = 0;
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) read += part.value.length;
    expect(isThrough).to.equal(true);
    expect(read).to.be.above(32 * 1024 * 1024);
    await through.close();
    source.close();
  });
});
