import { expect } from 'chai';
import type { MetricObject, MetricObjectWithValues, MetricValue } from 'prom-client';
import { registry } from '../../../lib/core/index.js';
import { collectDefaultMetrics, type Histogram, Registry, register } from '../../../lib/prom-client/index.js';
import { errorOf, expectSame, type PromClient } from '../../support/prom-client-pair.js';

/** What can be compared between two calls: everything except the values, and labels that depend on the moment. */
const describeMetric = ({ name, help, type, aggregator }: MetricObject) => [name, help, type, aggregator];

const stableLabels = ({ name, values }: MetricObjectWithValues<MetricValue<string>>): unknown =>
  /active_|gc_/.test(name) ? [] : values.map(({ labels }) => labels);

/** Collects the default metrics of a client twice, because some have values only after the first time. */
async function collect(client: PromClient, options: object) {
  const registry = new client.Registry();
  client.collectDefaultMetrics({ ...options, register: registry });
  await registry.getMetricsAsJSON();
  await new Promise(setImmediate);
  return registry.getMetricsAsJSON();
}

describe('collectDefaultMetrics', () => {
  afterEach(() => register.clear());

  it("adds prom-client's metrics", async () => {
    const names = await expectSame(async (client) => {
      const metrics = await collect(client, {});
      return metrics.map((one) => [describeMetric(one), stableLabels(one)]);
    });
    expect(names).to.have.length.above(25);
  });

  it('adds a prefix and labels to all metrics, as prom-client does', async () => {
    await expectSame(async (client) => {
      const metrics = await collect(client, { prefix: 'my_', labels: { instance: 0, zone: 'a' } });
      const every = metrics.flatMap(({ values }) => values).every(({ labels }) => labels.zone === 'a');
      return [every, metrics.map((one) => [describeMetric(one), stableLabels(one)])];
    });
  });

  it("replaces the metrics' own labels by labels with the same name, as prom-client does", async () => {
    for (const label of ['version', 'major', 'type', 'kind', 'space']) {
      await expectSame(async (client) => {
        const metrics = await collect(client, { labels: { [label]: 'own' } });
        const isOwn = metrics.flatMap(({ values }) => values).every(({ labels }) => labels[label] === 'own');
        return [isOwn, metrics.map((one) => [describeMetric(one), stableLabels(one)])];
      });
    }
  });

  it('uses the given buckets', async () => {
    const own = new Registry();
    collectDefaultMetrics({ register: own, gcDurationBuckets: [0.5], eventLoopMonitoringPrecision: 5 });
    const histogram = own.getSingleMetric('nodejs_gc_duration_seconds') as Histogram;
    histogram.zero({ kind: 'none' });
    const bounds = (await histogram.get()).values.flatMap(({ labels: { kind, le } }) => (kind === 'none' ? [le] : []));
    expect(bounds).to.deep.equal([0.5, '+Inf', undefined, undefined]);
  });

  it('has plausible values', async () => {
    const own = new Registry();
    collectDefaultMetrics({ register: own });
    const readValue = (metrics: Awaited<ReturnType<Registry['getMetricsAsJSON']>>, name: string): number =>
      metrics.find((one) => one.name === name)?.values[0]?.value ?? Number.NaN;
    await own.getMetricsAsJSON();
    const busyUntil = performance.now() + 50;
    while (performance.now() < busyUntil);
    const metrics = await own.getMetricsAsJSON();
    expect(readValue(metrics, 'process_cpu_seconds_total')).to.be.within(0.02, 60);
    expect(readValue(metrics, 'process_start_time_seconds')).to.be.closeTo(Date.now() / 1_000 - process.uptime(), 2);
    expect(readValue(metrics, 'process_resident_memory_bytes')).to.be.closeTo(process.memoryUsage().rss, 2 ** 27);
    expect(readValue(metrics, 'nodejs_heap_size_used_bytes')).to.be.above(1e6);
    expect(readValue(metrics, 'nodejs_active_resources_total')).to.be.above(0);
    expect(readValue(metrics, 'nodejs_version_info')).to.equal(1);
  });

  it('adds the metrics to the default registry if none is given, and so to the shared one', async () => {
    for (const configuration of [undefined, null, { register: null }]) {
      collectDefaultMetrics(configuration as never);
      expect(register.getSingleMetric('process_open_fds')).not.to.equal(undefined);
      expect(registry.getSingleMetric('process_open_fds')).not.to.equal(undefined);
      register.clear();
      expect(registry.getSingleMetric('process_open_fds')).to.equal(undefined);
    }
  });

  it('lists the groups of metrics, and throws errors, as prom-client does', async () => {
    await expectSame(({ collectDefaultMetrics }) => [
      collectDefaultMetrics.metricsList,
      errorOf(() => collectDefaultMetrics(3 as never)),
      errorOf(() => collectDefaultMetrics('config' as never)),
      errorOf(() => {
        collectDefaultMetrics();
        collectDefaultMetrics();
      }),
    ]);
  });
});
