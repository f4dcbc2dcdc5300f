import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import express from 'express';
import { Counter, Gauge } from 'prom-client';
import { catalog } from '../../../lib/core/catalog/catalog.js';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { mount } from '../../../lib/core/integrations/mount.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { pushMetrics } from '../../../lib/core/push/push.js';
import { writeMetricsFile } from '../../../lib/core/push/textfile.js';
import { foreignContent } from '../../../lib/core/server/foreign-metrics.js';
import { startMetricsServer } from '../../../lib/core/server/metrics-server.js';
import { allHostileMetrics } from '../../support/hostile-metrics.js';
import { parseOpenMetrics } from '../../support/parse-openmetrics.js';
import { parseText, sampleValue } from '../../support/parse-text.js';

const errorsName = catalog.instrumentationErrors.name;
const openMetrics = 'application/openmetrics-text; version=1.0.0';

function hostileRegistry(): { readonly registry: SharedRegistry; readonly hostile: number } {
  const registry = new SharedRegistry();
  new MetricsCollector(registry);
  const hostile = allHostileMetrics();
  new Gauge({ name: 'first', help: 'First.', registers: [registry] }).set(1);
  for (const metric of hostile) registry.registerMetric(metric as never);
  new Counter({ name: 'last_total', help: 'Last.', registers: [registry] }).inc();
  return { registry, hostile: hostile.length };
}

/** The ways to scrape a registry. Each returns the text of one scrape. */
type Scrape = (registry: SharedRegistry, accept: string) => Promise<string>;

const get = async (url: string, accept: string) => {
  const response = await fetch(url, { headers: { accept } });
  expect(response.status).to.equal(200);
  return response.text();
};

const served: Readonly<Record<string, Scrape>> = {
  'the scrape thread': async (registry, accept) => {
    const server = await startMetricsServer({ registry, port: 0 });
    return get(server.url, accept).finally(() => server.close());
  },
  'the server in this thread': async (registry, accept) => {
    const server = await startMetricsServer({ registry, port: 0, thread: false });
    return get(server.url, accept).finally(() => server.close());
  },
  mount: async (registry, accept) => {
    const application = express();
    mount(application, { registry });
    const server = application.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return get(`http://127.0.0.1:${port}/metrics`, accept).finally(() => server.close());
  },
};

const written: Readonly<Record<string, (registry: SharedRegistry) => Promise<string>>> = {
  pushMetrics: async (registry) => {
    let body = '';
    const server = createServer(async (request, response) => {
      for await (const piece of request.setEncoding('utf8')) body += piece;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await pushMetrics({ url: `http://127.0.0.1:${port}`, registry }).finally(() => server.close());
    return body;
  },
  writeMetricsFile: async (registry) => {
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-foreign-'));
    try {
      await writeMetricsFile(join(folder, 'a.prom'), registry);
      return await readFile(join(folder, 'a.prom'), 'utf8');
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

describe('hostile foreign metrics', function () {
  this.timeout(30_000);

  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown): void => {
    unhandled.push(reason);
  };
  before(() => process.on('unhandledRejection', onUnhandled));
  after(() => process.off('unhandledRejection', onUnhandled));
  afterEach('no rejection would have ended the process', () => expect(unhandled.splice(0)).to.deep.equal([]));

  /** Reads the value without a scrape, because a scrape would increase it. */
  const errorsOf = async (registry: SharedRegistry) => {
    const metric = registry.getSingleMetric(errorsName);
    const { values } = await (metric as unknown as Counter).get();
    return values.find(({ labels }) => labels.site === 'foreign')?.value;
  };

  for (const [path, scrape] of Object.entries(served)) {
    for (const accept of ['text/plain', openMetrics]) {
      it(`do not remove valid metrics from a scrape by ${path} in ${accept}, and are counted once each`, async () => {
        const { registry, hostile } = hostileRegistry();
        const text = await scrape(registry, accept);
        const families = accept === openMetrics ? parseOpenMetrics(text) : parseText(text);
        const samples = families.flatMap((family) => family.samples);
        for (const name of ['first', 'last_total']) {
          expect(samples).to.deep.include({ name, labels: {}, value: 1 });
        }
        expect(families.map(({ name }) => name)).to.include.members(['given', 'hostile_name']);
        expect(await errorsOf(registry)).to.equal(hostile);
      });
    }
  }

  for (const [path, write] of Object.entries(written)) {
    it(`do not remove valid metrics from the text of ${path}, and are counted`, async () => {
      const { registry, hostile } = hostileRegistry();
      const text = await write(registry);
      expect([sampleValue(text, 'first'), sampleValue(text, 'last_total')]).to.deep.equal([1, 1]);
      expect(sampleValue(text, errorsName, { site: 'foreign' })).to.equal(hostile);
    });
  }
});

describe('foreignContent', () => {
  const foreignText = async (...given: Parameters<typeof foreignContent>): Promise<string> =>
    Buffer.from(await foreignContent(...given)).toString();

  const setUp = () => {
    const registry = new SharedRegistry();
    const collector = new MetricsCollector(registry);
    return { registry, collector };
  };
  const dotted = { name: 'a.b', get: () => ({ name: 'a.b', help: 'A.', type: 'gauge', values: [] }) };

  it('finds a metric by its name and its escaped name', async () => {
    const { registry } = setUp();
    registry.registerMetric(dotted as never);
    for (const name of ['a_b', 'a.b']) {
      const text = await foreignText(registry, { format: 'text', escaping: 'underscores', names: [name] });
      expect(text).to.equal('# HELP a_b A.\n# TYPE a_b gauge\n');
    }
    const query = { format: 'text-1.0', escaping: 'allow-utf-8', names: ['a.b'] } as const;
    expect(await foreignText(registry, query)).to.equal('# HELP "a.b" A.\n# TYPE "a.b" gauge\n');
    expect(await foreignText(registry, { format: 'text', escaping: 'underscores', names: ['other'] })).to.equal('');
  });

  it('omits a metric whose repaired name is a TinyLLM metric', async () => {
    const { registry } = setUp();
    const name = `${catalog.scrapeDuration.name}_count`;
    new Gauge({ name, help: 'Count.', registers: [registry] });
    for (const format of ['text', 'openmetrics'] as const) {
      expect(await foreignText(registry, { format, escaping: 'underscores', names: [] })).not.to.match(/^[^#]/m);
    }
  });
});
