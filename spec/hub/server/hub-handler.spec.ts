import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestOptions, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import type { HubOptions } from '../../../lib/hub/server/hub.js';
import { createHubHandler } from '../../../lib/hub/server/hub-handler.js';
import { type HubFiles, nodeFiles } from '../../../lib/hub/storage/journal-file.js';
import { eventually } from '../../support/eventually.js';
import { writeProtobuf } from '../../support/protobuf-writer.js';
import { openHub } from '../../support/pushing.js';

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

describe('the hub over HTTP', () => {
  let close: () => Promise<unknown>;
  let port: number;
  let sums: Awaited<ReturnType<typeof openHub>>['sums'];

  beforeEach(() => start());

  const start = async (options: HubOptions = {}): Promise<void> => {
    const opened = await openHub({ maxPushBytes: 10_000, ...options });
    sums = opened.sums;
    const handler = createHubHandler(opened.hub);
    const server = createServer(async (incoming, response) => {
      if (!(await handler(incoming, response))) response.writeHead(404).end('not the hub\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
    close = async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await opened.hub.close();
    };
  };
  afterEach(() => close());

  /** Does not use fetch, which would normalize the path and the headers. */
  const send = (method: string, path: string, body: string | Buffer = '', headers: RequestOptions['headers'] = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => {
          text += piece;
        });
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });

  it('accepts PUT, POST and DELETE, also with gzip', async () => {
    expect(await send('PUT', '/metrics/job/a', 'x 1\n')).to.deep.include({ status: 200, text: '' });
    const zipped = await send('POST', '/metrics/job/b', gzipSync('x 2\n'), { 'Content-Encoding': 'gzip' });
    expect(zipped.status).to.equal(200);
    expect(await sums()).to.deep.equal({ x: [3] });
    expect(await send('DELETE', '/metrics/job/b')).to.deep.include({ status: 202 });
    expect(await sums()).to.deep.equal({ x: [1] });
  });

  it('accepts protobuf, OpenMetrics and text, by the content type', async () => {
    const families = [{ name: 'x_total', type: 'counter', series: [{ labels: {}, value: 1 }] }] as const;
    const protobuf = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';
    const openMetrics = '# TYPE x counter\nx_total 2\n# EOF\n';
    const bodies: readonly (readonly [type: string, body: string | Buffer])[] = [
      [protobuf, writeProtobuf(families)],
      ['application/openmetrics-text; version=1.0.0; charset=utf-8', openMetrics],
      ['text/plain; version=0.0.4', '# TYPE x_total counter\nx_total 4\n'],
      ['application/x-www-form-urlencoded', '# TYPE x_total counter\nx_total 8\n'],
    ];
    for (const [index, [type, body]] of bodies.entries()) {
      const answer = await send('POST', `/metrics/job/${index}`, body, { 'Content-Type': type });
      expect(answer).to.deep.include({ status: 200, text: '' });
    }
    const zipped = gzipSync(writeProtobuf(families));
    const headers = { 'Content-Type': protobuf, 'Content-Encoding': 'gzip' };
    expect((await send('PUT', '/metrics/job/zipped', zipped, headers)).status).to.equal(200);
    expect(await sums()).to.deep.equal({ x_total: [16] });
  });

  it('accepts a path with a trailing slash', async () => {
    expect((await send('PUT', '/metrics/job/a/', 'x 1\n')).status).to.equal(200);
    expect((await send('PUT', '/metrics/job/a', 'x 2\n')).status).to.equal(200);
    expect((await send('DELETE', '/metrics/job/a//')).status).to.equal(202);
    expect(await sums()).to.deep.equal({});
  });

  it('accepts a counter that is NaN, and reports that it was not added', async () => {
    await send('PUT', '/metrics/job/a', '# TYPE x counter\nx 3\n');
    const answer = await send('PUT', '/metrics/job/a', '# TYPE x counter\nx NaN\n# TYPE y counter\ny 1\n');
    expect(answer.status).to.equal(200);
    expect(answer.text).to.match(/^accepted; line 2: the value of x\{\} is NaN, which cannot be added/);
    await send('PUT', '/metrics/job/a', '# TYPE x counter\nx 5\n# TYPE y counter\ny 1\n');
    expect(await sums()).to.deep.equal({ x: [5], y: [1] });
  });

  it('returns 507 on a full disk, is not ready until it can write again, and still exports', async () => {
    await close();
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-hub-'));
    let isFull = false;
    const files: HubFiles = {
      ...nodeFiles,
      open: async (path, flags, mode) => {
        const handle = await nodeFiles.open(path, flags, mode);
        const write = handle.write.bind(handle) as (...values: readonly unknown[]) => Promise<unknown>;
        const limited = (...values: readonly unknown[]): Promise<unknown> =>
          isFull
            ? Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' }))
            : write(...values);
        return Object.assign(handle, { write: limited });
      },
    };
    try {
      await start({ persistenceFile: join(folder, 'state'), files });
      expect((await send('PUT', '/metrics/job/a', 'x 1\n')).status).to.equal(200);
      expect((await send('GET', '/-/ready')).status).to.equal(404);
      isFull = true;
      const refused = await send('PUT', '/metrics/job/a', 'x 2\n');
      expect(refused.status).to.equal(507);
      expect(refused.text).to.match(/^push rejected: .+ cannot be written: there is no space left; .+\n$/);
      expect(await send('DELETE', '/metrics/job/a')).to.include({ status: 507 });
      expect(await sums()).to.deep.equal({ x: [1] });
      const probe = await send('GET', '/-/ready');
      expect(probe.status).to.equal(503);
      expect(probe.text).to.match(/^not ready: .+ there is no space left; .+\n$/);
      expect((await send('GET', '/-/healthy')).status).to.equal(404);
      isFull = false;
      expect((await send('PUT', '/metrics/job/a', 'x 3\n')).status).to.equal(200);
      expect((await send('GET', '/-/ready')).status).to.equal(404);
      expect(await sums()).to.deep.equal({ x: [3] });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('limits the bytes of slow pushes, and accepts others again after they have ended', async function () {
    // The bodies have 64 MB. On a busy machine with two cores, they take more than 20 s.
    this.timeout(90_000);
    await close();
    await start({ maxPushBytes: 4_194_304 });
    const text = `#${'a'.repeat(998)}\n`.repeat(4_000);
    const slow = Array.from({ length: 16 }, () => connect(port, '127.0.0.1'));
    const statuses = slow.map(async (socket) => String((await once(socket, 'data'))[0]).slice(0, 12));
    for (const socket of slow) {
      socket.write('PUT /metrics/job/a HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\nConnection: close\r\n\r\n');
      await new Promise((resolve) => socket.write(text.slice(0, -1), resolve));
    }
    await eventually(async () => (await send('PUT', '/metrics/job/b', text)).status === 503);
    expect((await send('PUT', '/metrics/job/b', 'x 1\n')).status).to.equal(200);
    for (const socket of slow) socket.write('\n');
    expect(new Set(await Promise.all(statuses))).to.deep.equal(new Set(['HTTP/1.1 200']));
    expect((await send('PUT', '/metrics/job/b', text)).status).to.equal(200);
  });

  it('does not handle requests that are not pushes', async () => {
    for (const [method, path] of [
      ['GET', '/metrics'],
      ['GET', '/'],
      ['PUT', '/'],
      ['POST', '/metric/job/a'],
    ] as const) {
      expect(await send(method, path)).to.include({ status: 404, text: 'not the hub\n' });
    }
    const asked = await send('GET', '/metrics/job/a');
    expect(asked.status).to.equal(405);
    expect(asked.headers).to.include({ allow: 'PUT, POST, DELETE', 'tinyllm-hub': '1' });
  });

  const refused: readonly (readonly [
    title: string,
    status: number,
    path: string,
    body: string | Buffer,
    headers: Record<string, string>,
  ])[] = [
    ['a malformed text', 400, '/metrics/job/a', 'x\n', {}],
    ['a path without a job', 400, '/metrics', 'x 1\n', {}],
    ['a path with a label without a value', 400, '/metrics/job/a/b', 'x 1\n', {}],
    ['another type', 409, '/metrics/job/a', '# TYPE held gauge\nheld 1\n', {}],
    ['a text that is too large', 413, '/metrics/job/a', `#${'x'.repeat(20_000)}\n`, {}],
    [
      'a text that is too large, without a length',
      413,
      '/metrics/job/a',
      `#${'x'.repeat(20_000)}\n`,
      { 'Transfer-Encoding': 'chunked' },
    ],
    ['a zip bomb', 413, '/metrics/job/a', gzipSync(`#${'x'.repeat(5_000_000)}\n`), { 'Content-Encoding': 'gzip' }],
    ['invalid gzip', 400, '/metrics/job/a', 'x 1\n', { 'Content-Encoding': 'gzip' }],
    ['another encoding', 415, '/metrics/job/a', 'x 1\n', { 'Content-Encoding': 'br' }],
    ['bytes that are not UTF-8', 400, '/metrics/job/a', Buffer.from([0x78, 0x20, 0xff, 0x0a]), {}],
    [
      'protobuf',
      415,
      '/metrics/job/a',
      'x 1\n',
      { 'Content-Type': 'application/vnd.google.protobuf; encoding=delimited' },
    ],
    ['web pages', 403, '/metrics/job/a', 'x 1\n', { Origin: 'http://evil.example' }],
  ];
  for (const [title, status, path, body, headers] of refused) {
    it(`rejects ${title} with ${status}, and changes nothing`, async () => {
      await send('PUT', '/metrics/job/held', '# TYPE held counter\nheld 1\n');
      const answer = await send('PUT', path, body, headers);
      expect(answer.status).to.equal(status);
      expect(answer.text).to.match(/^push rejected: .+\n$/);
      expect(await sums()).to.deep.equal({ held: [1] });
      expect((await send('PUT', '/metrics/job/next', 'x 1\n')).status).to.equal(200);
    });
  }

  it('returns 413 to a client that reads the response only after sending the complete body', async () => {
    const headers = { Connection: 'close', 'Content-Length': 20_000_000 };
    const answer = await send('PUT', '/metrics/job/a', '#'.repeat(20_000_000), headers);
    expect(answer.status).to.equal(413);
  });

  it('reports the line of a problem', async () => {
    expect((await send('PUT', '/metrics/job/a', 'x 1\ny\n')).text).to.contain('line 2:');
  });

  it('ignores a push whose connection was closed', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('PUT /metrics/job/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx 1\n');
    await new Promise((resolve) => socket.write('y 1\n', resolve));
    socket.destroy();
    await once(socket, 'close');
    expect((await send('PUT', '/metrics/job/b', 'z 1\n')).status).to.equal(200);
    expect(await sums()).to.deep.equal({ z: [1] });
  });

  it('keeps responding after any bytes are pushed to any path', async () => {
    const segment = fc.oneof(
      fc.constantFrom('job', 'job@base64', 'a', 'L2E', '%', '%00', '..', ''),
      fc.stringMatching(/^[!-~]{0,6}$/).map((text) => text.replace(/[?#/]/g, '')),
    );
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.string().map((text) => `${text}\n`),
      fc.constant('ok 1\n'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('PUT', 'POST', 'DELETE'),
        fc.array(segment, { maxLength: 5 }),
        body,
        fc.boolean(),
        async (method, segments, text, zipped) => {
          const answer = await send(
            method,
            ['/metrics', ...segments].join('/'),
            zipped ? gzipSync(text) : text,
            zipped ? { 'Content-Encoding': 'gzip' } : {},
          );
          expect(answer.status).to.be.oneOf([200, 202, 400, 404, 409]);
        },
      ),
      { numRuns: 200 },
    );
    expect((await send('PUT', '/metrics/job/last', 'alive 1\n')).status).to.equal(200);
    expect(await sums()).to.deep.include({ alive: [1] });
  });
});
