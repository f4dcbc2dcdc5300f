import { expect } from 'chai';
import { catalog } from '../../../lib/core/catalog/catalog.js';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { Gauge } from '../../../lib/core/metrics/custom/gauge.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { ForeignRenders } from '../../../lib/core/server/foreign-renders.js';
import { startMetricsServer } from '../../../lib/core/server/metrics-server.js';
import { sampleValue } from '../../support/parse-text.js';

const textOf = (content: Uint8Array): string => Buffer.from(content).toString();

describe('ForeignRenders', () => {
  let reads: number;
  let registry: SharedRegistry;

  const register = (name: string, value = () => 1) =>
    registry.registerMetric({
      name,
      help: name,
      type: 'gauge',
      get: () => {
        reads++;
        return { name, help: name, type: 'gauge', values: [{ value: value(), labels: {} }] };
      },
    } as never);

  beforeEach(() => {
    reads = 0;
    registry = new SharedRegistry();
  });

  it('reads each metric once for all waiting scrapes, independent of their format and filter', async () => {
    register('a');
    register('b');
    register('c');
    const renders = new ForeignRenders(registry);
    const contents = await Promise.all([
      renders.render({ format: 'text', escaping: 'underscores', names: ['a'] }),
      renders.render({ format: 'text', escaping: 'underscores', names: ['b'] }),
      renders.render({ format: 'openmetrics', escaping: 'underscores', names: ['a', 'b'] }),
      renders.render({ format: 'text', escaping: 'underscores', names: ['b'] }),
    ]);
    expect(reads).to.equal(2);
    const namesIn = (content: Uint8Array) => [...textOf(content).matchAll(/^(\w+) 1$/gm)].map(([, name]) => name);
    expect(contents.map(namesIn)).to.deep.equal([['a'], ['b'], ['a', 'b'], ['b']]);
  });

  it('never uses a reading that began before the scrape', async () => {
    let level = 0;
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    register('level', () => level);
    registry.registerMetric({ name: 'slow', help: 'slow', type: 'gauge', get: () => held } as never);
    const renders = new ForeignRenders(registry);
    const first = renders.render({ format: 'text', escaping: 'underscores', names: ['level', 'slow'] });
    while (reads === 0) await new Promise((resolve) => setImmediate(resolve));
    level = 2;
    let delays = 0;
    const later = [1, 2, 3].map(() =>
      renders.render({ format: 'text', escaping: 'underscores', names: ['level'] }, () => delays++),
    );
    release();
    expect(textOf(await first)).to.match(/^level 0$/m);
    for (const content of await Promise.all(later)) expect(textOf(content)).to.match(/^level 2$/m);
    expect(reads).to.equal(2);
    expect(delays).to.be.at.least(3);
  });

  it('rejects all waiting scrapes if the registry fails, and serves the next one', async () => {
    register('a');
    const renders = new ForeignRenders(registry);
    const metrics = registry.foreignMetrics;
    registry.foreignMetrics = () => {
      throw new Error('broken');
    };
    expect(
      await renders.render({ format: 'text', escaping: 'underscores', names: [] }).catch(({ message }) => message),
    ).to.equal('broken');
    registry.foreignMetrics = metrics;
    expect(textOf(await renders.render({ format: 'text', escaping: 'underscores', names: [] }))).to.match(/^a 1$/m);
  });
});

describe('ForeignRenders, with custom metrics', function () {
  this.timeout(30_000);

  const errorsOf = (text: string) => sampleValue(text, catalog.instrumentationErrors.name, { site: 'foreign' }) ?? 0;

  for (const thread of [true, false]) {
    it(`calls \`collect\` at the start, and before each scrape of the ${thread ? 'scrape' : 'main'} thread`, async () => {
      const registry = new SharedRegistry();
      new MetricsCollector(registry);
      const registers = [registry];
      const fails = () => Promise.reject(new Error('no'));
      let calls = 0;
      const collect = function (this: Gauge) {
        this.set(++calls);
      };
      new Gauge({ name: 'collected', help: 'Collected.', registers, collect });
      new Gauge({ name: 'failing', help: 'Failing.', registers, collect: fails }).set(7);
      const server = await startMetricsServer({ registry, port: 0, thread });
      const scrape = async (query = '') => (await fetch(`${server.url}/metrics${query}`)).text();
      try {
        const [first, second] = [await scrape(), await scrape()];
        expect([first, second].map((text) => sampleValue(text, 'collected'))).to.deep.equal([2, 3]);
        expect(sampleValue(second, 'failing')).to.equal(7);
        expect(await scrape('?name[]=failing')).not.to.contain('collected');
        // Any `collect` can set a requested metric.
        const last = await scrape();
        expect(sampleValue(last, 'collected')).to.equal(5);
        expect(errorsOf(last)).to.equal(errorsOf(first) + 3);
      } finally {
        await server.close();
      }
    });
  }

  it('serves the last values of a metric whose `collect` never ends, and counts it', async () => {
    const registry = new SharedRegistry();
    new MetricsCollector(registry);
    const registers = [registry];
    const gauge = new Gauge({ name: 'hanging', help: 'Hanging.', registers, collect: () => new Promise(() => {}) });
    gauge.set(7);
    new Gauge({ name: 'valid', help: 'Valid.', registers, collect: () => gauge.set(8) });
    const server = await startMetricsServer({ registry, port: 0 });
    try {
      const text = await (await fetch(server.url)).text();
      expect(sampleValue(text, 'hanging')).to.equal(8);
      expect(errorsOf(await (await fetch(server.url)).text())).to.be.at.least(1);
    } finally {
      await server.close();
    }
  });
});
