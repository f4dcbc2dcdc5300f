import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { Pushgateway, Registry } from '../../../lib/prom-client/index.js';
import { errorOf, expectSame, type PromClient } from '../../support/prom-client-pair.js';

/** The parts of a request that are compared. */
interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

describe('a Pushgateway', () => {
  let server: Server;
  let origin = '';
  let received: Received[] = [];
  let headers: IncomingHttpHeaders = {};
  let status = 200;
  beforeEach(async () => {
    [received, status] = [[], 200];
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const all = Buffer.concat(chunks);
      headers = request.headers;
      const body = (headers['content-encoding'] === 'gzip' ? gunzipSync(all) : all).toString();
      received.push({ method: request.method, url: request.url, authorization: headers.authorization, body });
      if (status === 0) response.destroy();
      else if (status > 0) response.writeHead(status).end('a reply');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const job = { jobName: 'a job/1', groupings: { zone: 'a&b', instance: 'ä' } };

  /** Runs pushes with both clients. Returns the results and the requests that the server received. */
  const pushWithBoth = (push: (gateway: PromClient['Pushgateway']['prototype']) => Promise<unknown>, url = origin) =>
    expectSame(async ({ Counter, Pushgateway, register }) => {
      received = [];
      new Counter({ name: 'jobs_total', help: 'Jobs.' }).inc(2);
      const result = await push(new Pushgateway(`http://${url}`, {}, register)).then(
        (one) => [(one as { body: string }).body, (one as { resp: { statusCode: number } }).resp.statusCode],
        ({ message }) => message,
      );
      return { result, received };
    });

  it('sends the requests of prom-client', async () => {
    for (const url of [origin, `${origin}/`, `${origin}/a/path`, `user:p%40ss@${origin}`, `${origin}/path?query=1`]) {
      await pushWithBoth((gateway) => gateway.push(job), url);
      await pushWithBoth((gateway) => gateway.pushAdd({ jobName: 'job' }), url);
      await pushWithBoth((gateway) => gateway.delete(job), url);
    }
    expect(received[0]).to.deep.include({
      method: 'DELETE',
      url: '/path/metrics/job/a%20job%2F1/zone/a%26b/instance/%C3%A4',
    });
  });

  it('rejects if the server reports an error, as prom-client does', async () => {
    status = 503;
    const outcome = await pushWithBoth((gateway) => gateway.push(job));
    expect(outcome).to.have.property('result', 'push failed with status 503, a reply');
  });

  it('needs a job name, unless requireJobName is false', async () => {
    await expectSame(({ Pushgateway }) => {
      const gateway = new Pushgateway(`http://${origin}`);
      return [
        () => gateway.push({} as never),
        () => gateway.pushAdd({ jobName: '' }),
        () => gateway.delete({} as never),
      ].map(errorOf);
    });
    await new Pushgateway(`http://${origin}`, { requireJobName: false }).push();
    expect(received).to.deep.include({ method: 'PUT', url: '/metrics', authorization: undefined, body: '\n' });
  });

  it('compresses the metrics if the headers ask for it, also after a deletion', async () => {
    const registry = new Registry();
    const options = { headers: { 'Content-Encoding': 'gzip', 'x-own': '1' } };
    const gateway = new Pushgateway(`http://${origin}`, options, registry);
    await gateway.delete({ jobName: 'job' });
    expect(headers).to.include({ 'x-own': '1' }).and.not.have.property('content-encoding');
    await gateway.push({ jobName: 'job' });
    expect(headers).to.include({ 'x-own': '1', 'content-encoding': 'gzip' });
    expect(received.at(-1)?.body).to.equal('\n');
  });

  it("has prom-client's fields, which can be changed", async () => {
    await expectSame(({ Pushgateway, register }) =>
      [[`http://${origin}`], [`http://${origin}`, { timeout: 9, requireJobName: false }, register]].map((one) => {
        const gateway = new Pushgateway(...(one as [string]));
        const { registry, ...others } = gateway as unknown as Record<string, unknown>;
        return { ...others, isDefault: registry === register };
      }),
    );
    const gateway = new Pushgateway('http://127.0.0.1:1');
    Object.assign(gateway, { gatewayUrl: `http://${origin}`, requireJobName: false });
    await gateway.push();
    expect(received).to.have.length(1);
  });

  const rejection = (push: Promise<unknown>): Promise<string> =>
    push.then(
      () => expect.fail('The push succeeded.'),
      (error: Error) => error.message,
    );

  it('rejects after a timeout, on a broken connection, and on an invalid URL', async () => {
    status = -1;
    const slow = new Pushgateway(`http://${origin}`, { timeout: 50 });
    expect(await rejection(slow.push({ jobName: 'job' }))).to.equal('Pushgateway request timed out');
    status = 0;
    expect(await rejection(new Pushgateway(`http://${origin}`).push({ jobName: 'job' }))).to.equal('socket hang up');
    expect(await rejection(new Pushgateway('no url').push({ jobName: 'job' }))).to.include('Invalid URL');
  });

  it('rejects and ends the request if the metrics cannot be read', async () => {
    const registry = new Registry();
    registry.registerMetric({ name: 'a', get: () => Promise.reject(new Error('broken')) } as never);
    const gateway = new Pushgateway(`http://${origin}`, undefined, registry);
    expect(await rejection(gateway.push({ jobName: 'job' }))).to.equal('broken');
  });
});
