import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Counter } from 'prom-client';
import { MetricsDeliveryError } from '../../../lib/core/errors/errors.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { isHub, pushMetrics } from '../../../lib/core/push/push.js';
import { readPushInSteps } from '../../../lib/hub/pushes/read-push.js';
import { runWithoutPauses } from '../../../lib/hub/pushes/sliced-work.js';
import { freePort } from '../../support/free-port.js';

interface ReceivedRequest {
  readonly line: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
  readonly bytes: Buffer;
}

describe('pushMetrics', () => {
  const registry = new SharedRegistry();
  new Counter({ name: 'pushes_total', help: 'Pushes.', registers: [registry] }).inc();
  let url: string;
  let requests: ReceivedRequest[];
  let respond: (request: IncomingMessage, response: ServerResponse) => void;
  let close: () => Promise<unknown>;

  beforeEach(async () => {
    requests = [];
    respond = (_request, response) => response.end();
    // A fake Pushgateway. The end-to-end specs use a real one and the hub.
    const server = createServer(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const bytes = Buffer.concat(pieces);
      const { authorization, 'content-type': contentType } = request.headers;
      requests.push({
        line: `${request.method} ${request.url}`,
        authorization,
        contentType,
        body: bytes.toString(),
        bytes,
      });
      respond(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    close = async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    };
  });
  afterEach(() => close());

  const failure = (options: Partial<Parameters<typeof pushMetrics>[0]>): Promise<MetricsDeliveryError> =>
    pushMetrics({ url, registry, ...options }).then(
      () => expect.fail('was pushed'),
      (error: unknown) => {
        expect(error).to.be.instanceOf(MetricsDeliveryError);
        return error as MetricsDeliveryError;
      },
    );

  it('closes the connection of a response that does not end', async () => {
    const closed: Promise<unknown>[] = [];
    respond = (_request, response) => {
      response.writeHead(closed.length === 0 ? 200 : 400).write('no '.repeat(50_000));
      const more = setInterval(() => response.write('no '.repeat(50_000)), 1);
      closed.push(once(response, 'close').finally(() => clearInterval(more)));
    };
    await pushMetrics({ url, registry });
    const { message } = await failure({});
    expect(message).to.match(/ rejected the push with status 400/);
    expect(closed).to.have.length(2);
    await Promise.all(closed);
  });

  it('sends the text to the path of the group', async () => {
    await pushMetrics({ url: `${url}/gateway/`, registry, job: 'a/b', groupings: { instance: 'h 1', empty: '' } });
    expect(requests[0]).to.include({
      line: 'PUT /gateway/metrics/job@base64/YS9i/instance/h%201/empty@base64/=',
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
    });
    expect(requests[0]?.body).to.contain('\npushes_total 1\n');
    await pushMetrics({ url, registry, method: 'POST' });
    expect(requests[1]?.line).to.equal('POST /metrics/job/tinyllm');
  });

  it('sends protobuf with native buckets if a metric has native histograms', async () => {
    const native = new SharedRegistry();
    new Counter({ name: 'pushes_total', help: 'Pushes.', registers: [native] }).inc(2);
    const settings = { schema: 3, maxBuckets: 160, zeroThreshold: 2 ** -128 };
    const wait = { name: 'wait_seconds', help: 'Wait.', kind: 'histogram', buckets: [1], native: settings } as const;
    new Meter(native).create(wait).series().observe(4);
    await pushMetrics({ url, registry: native });
    const { contentType, bytes } = requests[0]!;
    expect(contentType).to.contain('application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily');
    const { families, notes } = runWithoutPauses(readPushInSteps(bytes, { format: 'protobuf' }));
    expect(notes).to.deep.equal([]);
    const numbers = families.map(({ name, series }) => [name, series.get('')?.numbers]);
    expect(numbers).to.deep.equal([
      ['wait_seconds', [0, 1, 4]],
      ['pushes_total', [2]],
    ]);
    expect(families[0]!.series.get('')?.native).to.deep.include({ positive: { indexes: [16], counts: [1] } });
  });

  it('uses the user and password of the URL, and never shows them', async () => {
    const withUser = url.replace('http://', 'http://me:p%40ss@');
    await pushMetrics({ url: withUser, registry });
    expect(requests[0]?.authorization).to.equal(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
    respond = (_request, response) => response.writeHead(403).end('no\n');
    const { message, status } = await failure({ url: withUser });
    expect(message).to.equal(`${url} rejected the push with status 403: no`);
    expect(status).to.equal(403);
  });

  it('explains missing and wrong credentials', async () => {
    respond = (_request, response) => response.writeHead(401).end('Unauthorized\n');
    expect((await failure({})).message).to.match(/^http:\S+ requires a user and a password .*USER:PASSWORD@HOST/);
    const { message, status } = await failure({ url: url.replace('http://', 'http://me:hunter2@') });
    expect(message).to.contain('rejected the user and the password in the URL').and.not.to.contain('hunter2');
    expect(status).to.equal(401);
  });

  it('sends a DELETE to a hub after a final push, but not to a Pushgateway', async () => {
    await pushMetrics({ url, registry, final: true });
    expect(requests.map(({ line }) => line)).to.deep.equal(['PUT /metrics/job/tinyllm']);
    expect(await isHub({ url })).to.equal(false);
    respond = (_request, response) => response.setHeader('TinyLLM-Hub', '1').end();
    await pushMetrics({ url, registry, final: true });
    expect(requests.slice(2).map(({ line }) => line)).to.deep.equal([
      'PUT /metrics/job/tinyllm',
      'DELETE /metrics/job/tinyllm',
    ]);
    expect(await isHub({ url })).to.equal(true);
  });

  it('describes errors in one line', async () => {
    const port = await freePort();
    expect((await failure({ url: `http://127.0.0.1:${port}` })).message).to.match(
      /^The metrics could not be pushed to \S+: .*ECONNREFUSED/,
    );
    expect(await isHub({ url: `http://127.0.0.1:${port}` })).to.equal(false);
    for (const bad of ['', 'localhost:9091', 'ftp://h', 'http://']) {
      expect((await failure({ url: bad })).message, bad).to.contain('is not a valid push URL; expected a URL such as');
    }
    expect((await failure({ url: 'http://127.0.0.1:1' })).message).to.contain('expected another port, such as 9091');
    expect((await failure({ job: '' })).message).to.contain('The job of a push is empty');
    expect((await failure({ groupings: { 'a-b': '1' } })).message).to.contain('"a-b"');
  });

  it('stops waiting at the timeout and at an abort', async () => {
    respond = () => undefined;
    expect((await failure({ timeoutMilliseconds: 50 })).message).to.contain('no response within 0.05 s');
    const controller = new AbortController();
    respond = () => controller.abort();
    expect((await failure({ signal: controller.signal })).message).to.contain('the push was aborted');
  });
});
