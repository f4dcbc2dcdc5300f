import { expect } from 'chai';
import fc from 'fast-check';
import { startMetricsServer } from '../../lib/core/index.js';
import { Hub } from '../../lib/hub/server/hub.js';
import { startHubServer } from '../../lib/hub/server/start-hub-server.js';
import { parseText } from '../support/parse-text.js';
import { sendRaw } from '../support/send-raw.js';

type Library = typeof import('../../lib/core/index.js');
type Server = { readonly url: string; readonly port: number };

const built = new URL('../../lib/core/dist/index.js', import.meta.url).href;

const bounds = { numRuns: 80, interruptAfterTimeLimit: 1_000, markInterruptAsFailure: false } as const;
const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array));
/** Partly valid texts, so that the parsers read more than the first byte. */
const pieces = (...words: readonly string[]) =>
  fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...words).map((word) => Buffer.from(word)) },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }).map((array) => Buffer.from(array)) },
      ),
      { maxLength: 14 },
    )
    .map((parts) => Buffer.concat(parts));

const requestLine = pieces(
  'GET',
  'PUT',
  ' ',
  '/metrics',
  '/',
  '?name[]=',
  '%',
  '%00',
  '/-/healthy',
  'HTTP/1.1',
  '\r\n',
);
const headers = pieces(
  ...['Host: x', 'Accept: ', 'application/openmetrics-text', ';q=', ',', '*/*', 'Accept-Encoding: gzip', '\r\n', ': '],
  ...['Content-Length: 5', 'Transfer-Encoding: chunked', 'Connection: keep-alive', 'Authorization: Basic ', '0', '=='],
);
const pushPath = pieces('/job/j', '/job@base64/', 'ag==', '/instance', '/a', '%2F', '%zz', '//', '/job');
const pushBody = pieces(
  ...['# TYPE ', '# HELP ', 'a_total', 'a_bucket', ' counter', ' histogram', '{le="', '1"', '}', ' 1', ' NaN', ' -Inf'],
  ...['\n', '\r\n', '\\', '"', '{', ',', ' 1e999', 'a_total 1\n', '\u{2028}', '# EOF\n'],
);

/** Requests: random bytes, or valid requests with random parts. */
const requests = fc.oneof(
  bytes,
  requestLine.map((line) => Buffer.concat([line, Buffer.from('\r\nHost: localhost\r\n\r\n')])),
  headers.map((lines) =>
    Buffer.concat([Buffer.from('GET /metrics HTTP/1.1\r\nHost: localhost\r\n'), lines, Buffer.from('\r\n\r\n')]),
  ),
);

const pushes = fc
  .record({
    method: fc.constantFrom('PUT', 'POST', 'DELETE'),
    path: fc.oneof({ weight: 3, arbitrary: fc.constant(Buffer.from('/job/fuzz')) }, { weight: 1, arbitrary: pushPath }),
    encoding: fc.constantFrom('', '', 'Content-Encoding: gzip\r\n', 'Content-Encoding: odd\r\n'),
    body: fc.oneof(bytes, pushBody),
    missing: fc.constantFrom(0, 0, 0, 1),
  })
  .map(({ method, path, encoding, body, missing }) =>
    Buffer.concat([
      Buffer.from(`${method} /metrics`),
      path,
      Buffer.from(
        ` HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${encoding}Content-Length: ${body.length + missing}\r\n\r\n`,
      ),
      body,
    ]),
  );

describe('a server that receives random bytes', function () {
  this.timeout(30_000);

  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const clean of cleanups.splice(0)) await clean();
  });

  async function expectItWorks({ url, port }: Server, anything: fc.Arbitrary<Buffer>): Promise<void> {
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { minLength: 1, maxLength: 8 }), async (sent) => {
        const responses = await Promise.all(sent.map((one) => sendRaw(port, one)));
        for (const response of responses) expect(response).to.match(/^($|HTTP\/1\.1 (?!500))/);
        expect((await fetch(`${url}/-/healthy`)).status).to.equal(200);
        const scrape = await fetch(`${url}/metrics`);
        expect(scrape.status).to.equal(200);
        expect(parseText(await scrape.text())).not.to.have.length(0);
      }),
      bounds,
    );
  }

  it('still responds after requests of random bytes', async () => {
    const problems: Error[] = [];
    const server = await startMetricsServer({ port: 0, thread: false, onProblem: (error) => problems.push(error) });
    cleanups.push(() => server.close());
    await expectItWorks(server, requests);
    expect(problems).to.deep.equal([]);
  });

  it('still responds from its thread, which no request ends', async () => {
    const { startMetricsServer: start }: Library = await import(built);
    const problems: Error[] = [];
    const server = await start({ port: 0, onProblem: (error) => problems.push(error) });
    cleanups.push(() => server.close());
    await expectItWorks(server, requests);
    expect(problems).to.deep.equal([]);
  });

  it('still responds as a hub after pushes of random bytes', async () => {
    const hub = await Hub.open({});
    cleanups.push(() => hub.close());
    const server = await startHubServer({ port: 0, hub });
    cleanups.push(() => server.close());
    await expectItWorks(server, pushes);
  });
});
