import { expect } from 'chai';
import * as original from 'prom-client-original';
import { registry } from '../../../lib/core/index.js';
import * as shared from '../../../lib/prom-client/index.js';
import { sampleValue } from '../../support/parse-text.js';

describe('@tinyllm/prom-client', () => {
  const { Counter, Gauge, Histogram, Summary, Registry } = shared;
  const made: string[] = [];
  afterEach(() => {
    for (const name of made.splice(0)) registry.removeSingleMetric(name);
  });

  /** A name that the next test can use again. */
  const named = (name: string) => {
    made.push(name);
    return { name, help: 'A metric of a test.' };
  };

  it('has the shared registry as its default registry', () => {
    expect(shared.register).to.equal(registry);
  });

  it('adds metrics of every kind to the scrape of the shared registry', async () => {
    new Counter({ ...named('own_total'), labelNames: ['index'] }).inc({ index: 'docs' }, 2);
    new Gauge(named('own_level')).set(3);
    new Histogram({ ...named('own_seconds'), buckets: shared.linearBuckets(1, 1, 2) }).observe(1.5);
    new Summary(named('own_size')).observe(4);
    const text = await registry.metrics();
    expect(sampleValue(text, 'own_total', { index: 'docs' })).to.equal(2);
    expect(sampleValue(text, 'own_level')).to.equal(3);
    expect(sampleValue(text, 'own_seconds_bucket', { le: '2' })).to.equal(1);
    expect(sampleValue(text, 'own_size_sum')).to.equal(4);
  });

  it('serves them next to the metrics of the catalog', async () => {
    new Counter(named('own_total')).inc();
    const server = await shared.startMetricsServer({ port: 0 });
    try {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      expect(sampleValue(text, 'own_total')).to.equal(1);
      expect(text).to.contain('# TYPE tinyllm_requests_total counter');
    } finally {
      await server.close();
    }
  });

  it('registers a metric with registries only in those', async () => {
    const own = new Registry();
    new Counter({ name: 'own_total', help: 'A metric of a test.', registers: [own] }).inc();
    expect(sampleValue(await own.metrics(), 'own_total')).to.equal(1);
    expect(registry.getSingleMetric('own_total')).to.equal(undefined);
  });

  it("extends prom-client's classes", () => {
    expect(new Counter(named('own_total'))).to.be.instanceOf(original.Counter);
    expect(new Registry()).to.be.instanceOf(original.Registry);
    expect(() => new Counter({ name: 'own_total', help: 'A metric of a test.' })).to.throw(/own_total/);
  });

  it('collects the default metrics into the shared registry, or into the given one', async () => {
    const own = new Registry();
    shared.collectDefaultMetrics({ register: own });
    expect(own.getSingleMetric('process_cpu_seconds_total')).not.to.equal(undefined);
    expect(registry.getSingleMetric('process_cpu_seconds_total')).to.equal(undefined);
    const before = new Set(registry.getMetricsAsArray().map(({ name }) => name));
    shared.collectDefaultMetrics();
    expect(registry.getSingleMetric('process_cpu_seconds_total')).not.to.equal(undefined);
    for (const { name } of registry.getMetricsAsArray()) if (!before.has(name)) made.push(name);
  });
});
