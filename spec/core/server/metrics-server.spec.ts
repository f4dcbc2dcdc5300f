import { once } from 'node:events';
import { Agent, get, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect } from 'chai';
import { Counter, Gauge } from 'prom-client';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { ListenError } from '../../../lib/core/errors/errors.js';
import { TinyLLMError } from '../../../lib/core/errors/tinyllm-error.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import {
  type MetricsServer,
  type MetricsServerOptions,
  startMetricsServer,
} from '../../../lib/core/server/metrics-server.js';
import { eventually } from '../../support/eventually.js';
import { parseText, sampleValue } from '../../support/parse-text.js';

describe('startMetricsServer', () => {
  let registry: SharedRegistry;
  let metrics: MetricsCollector;
  const running: MetricsServer[] = [];

  // Serve in this thread, which starts faster and uses the same handler.
  const start = async (options: MetricsServerOptions = {}) => {
    const server = await startMetricsServer({ port: 0, registry, thread: false, ...options });
    running.push(server);
    return server;
  };

  beforeEach(() => {
    registry = new SharedRegistry();
    metrics = new MetricsCollector(registry);
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.close()));
  });

  it('picks a free port for port 0 on loopback, and returns its URL', async () => {
    const server = await start();
    expect(server.port).to.be.within(1, 65_535);
    expect(server.url).to.equal(`http://127.0.0.1:${server.port}`);
  });

  for (const path of ['/metrics', '/', '/metrics/', '/metrics?created=1']) {
    it(`returns the metrics at ${path}`, async () => {
      metrics.incrementRequestCount({ model: 'm', graph: 'g' });
      const { url } = await start();
      const response = await fetch(url + path, { headers: { 'accept-encoding': 'identity' } });
      expect(response.status).to.equal(200);
      expect(response.headers.get('content-type')).to.equal('text/plain; version=0.0.4; charset=utf-8');
      const text = await response.text();
      expect(Number(response.headers.get('content-length'))).to.equal(Buffer.byteLength(text));
      const labels = { model: 'm', graph: 'g', request_type: 'generate' };
      expect(sampleValue(text, 'tinyllm_requests_total', labels)).to.equal(1);
    });
  }

  for (const path of ['/-/healthy', '/-/ready']) {
    it(`responds to the probe ${path}`, async () => {
      const response = await fetch((await start()).url + path);
      expect(response.status).to.equal(200);
      expect(await response.text()).to.equal('OK\n');
    });
  }

  it('lists the reported mistakes of the application, also those that were reported before the start', async () => {
    registry.problems.report(new TinyLLMError('an early problem'));
    const { url } = await start();
    const problems = async () => {
      const response = await fetch(`${url}/-/problems`);
      expect(response.headers.get('content-type')).to.equal('application/json; charset=utf-8');
      return ((await response.json()) as { readonly problems: readonly string[] }).problems;
    };
    expect(await problems()).to.include('an early problem');
    registry.problems.report(new TinyLLMError('a late problem'));
    await eventually(async () => (await problems()).includes('a late problem'));
  });

  it('passes these mistakes to `onProblem`', async () => {
    const seen: string[] = [];
    registry.problems.report(new TinyLLMError('a problem before the start'));
    await start({ onProblem: ({ message }) => seen.push(message) });
    registry.problems.report(new TinyLLMError('a problem after the start'));
    expect(seen).to.include.members(['a problem before the start', 'a problem after the start']);
  });

  it('responds to HEAD like GET, without the body', async () => {
    const { url } = await start();
    for (const path of ['/metrics', '/-/healthy']) {
      const response = await fetch(url + path, { method: 'HEAD' });
      expect(response.status).to.equal(200);
      expect(Number(response.headers.get('content-length') ?? 0)).to.be.at.least(path === '/metrics' ? 1_000 : 0);
      expect(await response.text()).to.equal('');
    }
  });

  it('returns 404 for any other path, and names the path of the metrics', async () => {
    const { url } = await start();
    for (const path of ['/favicon.ico', '/metricsx', '//', '/-/', '/__proto__']) {
      const response = await fetch(url + path);
      expect(response.status, path).to.equal(404);
      expect(await response.text()).to.include('/metrics');
    }
  });

  it('returns 405 for any other method, with the allowed methods', async () => {
    const { url } = await start();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await fetch(`${url}/metrics`, { method });
      expect(response.status, method).to.equal(405);
      expect(response.headers.get('allow')).to.equal('GET, HEAD');
      await response.text();
    }
  });

  it("includes the application's metrics, even if one of them cannot be collected", async () => {
    new Counter({ name: 'jobs_total', help: 'Jobs.', registers: [registry] }).inc(3);
    new Gauge({
      ...{ name: 'broken', help: 'Broken.', registers: [registry] },
      collect() {
        throw new Error('no');
      },
    });
    const response = await fetch(`${(await start()).url}/metrics`);
    expect(response.status).to.equal(200);
    const text = await response.text();
    expect(sampleValue(text, 'jobs_total')).to.equal(3);
    expect(sampleValue(text, 'tinyllm_queue_active_workers')).to.equal(0);
  });

  it('records the duration of scrapes', async () => {
    const { url } = await start();
    await (await fetch(url)).text();
    const text = await (await fetch(url)).text();
    expect(sampleValue(text, 'tinyllm_scrape_duration_seconds_count')).to.equal(1);
  });

  it('serves a registry without TinyLLM metrics, or with an excluded scrape duration', async () => {
    metrics.meter.configure({ exclude: ['tinyllm_scrape_duration_seconds'] });
    for (const served of [registry, new SharedRegistry()]) {
      const response = await fetch((await start({ registry: served })).url);
      expect(response.status).to.equal(200);
      expect(sampleValue(await response.text(), 'tinyllm_scrape_duration_seconds_count')).to.equal(undefined);
    }
  });

  it('serves 50 concurrent scrapes, each complete', async () => {
    const counter = metrics.instruments.cacheHits.series('memory');
    const { url } = await start();
    const texts = await Promise.all(
      Array.from({ length: 50 }, async () => {
        counter.inc();
        return (await fetch(url)).text();
      }),
    );
    for (const text of texts) {
      expect(sampleValue(text, 'tinyllm_cache_hits_total', { cache_type: 'memory' })).to.be.within(1, 50);
    }
    const families = registry.getMetricsAsArray().length;
    expect(new Set(texts.map((text) => parseText(text).length))).to.deep.equal(new Set([families]));
  });

  it('calls onScrape for each completed scrape, and for nothing else', async () => {
    let scrapes = 0;
    const { url } = await start({ onScrape: () => scrapes++ });
    await (await fetch(`${url}/-/healthy`)).text();
    await (await fetch(`${url}/nothing`)).text();
    await fetch(`${url}/metrics`, { method: 'HEAD' });
    await (await fetch(`${url}/metrics`, { method: 'POST' })).text();
    await (await fetch(`${url}/metrics?look=1`)).text();
    expect(scrapes).to.equal(0);
    await (await fetch(`${url}/metrics`)).text();
    await (await fetch(`${url}/`)).text();
    await eventually(async () => scrapes === 2);
  });

  it('reports errors and rejections of onScrape, and continues', async () => {
    const problems: string[] = [];
    const onProblem = ({ message }: Error) => {
      problems.push(message);
      throw new Error('and this as well');
    };
    for (const onScrape of [
      () => {
        throw new Error('thrown');
      },
      async () => {
        throw new Error('rejected');
      },
    ]) {
      const { url } = await start({ onScrape, onProblem });
      await (await fetch(url)).text();
    }
    await eventually(async () => problems.length === 2);
    expect(problems).to.have.members(['thrown', 'rejected']);
  });

  it('rejects a port in use', async () => {
    const { port } = await start();
    const error = await start({ port }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ListenError).and.include({ host: '127.0.0.1', port });
  });

  it('rejects an invalid port', async () => {
    expect(await start({ port: 70_000 }).catch((reason: unknown) => reason)).to.be.instanceOf(ListenError);
  });

  if (Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === '::1'))) {
    it('puts an IPv6 address in brackets', async () => {
      const { url, port } = await start({ host: '::1' });
      expect(url).to.equal(`http://[::1]:${port}`);
      expect((await fetch(`${url}/-/ready`)).status).to.equal(200);
    });
  }

  describe('close', () => {
    it('stops accepting requests, and can be called again', async () => {
      const { url, close } = await start();
      expect((await fetch(url)).status).to.equal(200);
      await Promise.all([close(), close()]);
      await close();
      const error = await fetch(url).catch((reason: Error) => reason.cause);
      expect(error).to.include({ code: 'ECONNREFUSED' });
    });

    it('does not wait for idle keep-alive connections', async () => {
      const agent = new Agent({ keepAlive: true });
      const { url, close } = await start();
      const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
      const kept = response.socket;
      response.resume();
      await once(response, 'end');
      const gone = once(kept, 'close');
      await close();
      await gone;
      agent.destroy();
    });

    it('finishes a scrape in progress', async () => {
      let answer: (() => void) | undefined;
      const collect = () =>
        new Promise<void>((resolve) => {
          answer = resolve;
        });
      new Gauge({ name: 'slow', help: 'Slow.', registers: [registry], collect });
      const { url, close } = await start();
      const scrape = fetch(url);
      while (answer === undefined) await new Promise((resolve) => setImmediate(resolve));
      const closing = close();
      answer();
      const text = await (await scrape).text();
      expect(sampleValue(text, 'slow')).to.equal(0);
      await closing;
    });

    it('finishes sending to a slow client', async () => {
      new Gauge({ name: 'long', help: 'x'.repeat(16_000_000), registers: [registry] });
      const { port, close } = await start();
      const socket: Socket = connect(port, '127.0.0.1');
      socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(socket, 'readable');
      const closing = close();
      let received = 0;
      socket.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
      await once(socket, 'close');
      await closing;
      expect(received).to.be.above(16_000_000);
    });

    it('closes a connection with an incomplete request', async () => {
      const { port, close } = await start();
      const socket: Socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write('GET /metrics HT');
      const gone = new Promise((resolve) => {
        socket.on('error', () => {}).once('close', resolve);
      });
      await close();
      await gone;
    });
  });

  it('keeps serving after a client has disconnected during its request', async () => {
    const { url } = await start();
    const leaving = request(url, { method: 'GET' }).on('error', () => {});
    leaving.end();
    await once(leaving, 'socket');
    leaving.destroy();
    expect((await fetch(url)).status).to.equal(200);
  });
});
