import { expect } from 'chai';
import {
  AggregatorRegistry,
  collectDefaultMetrics,
  register as defaultRegistry,
  Counter as PromClientCounter,
  Gauge as PromClientGauge,
  Pushgateway,
  Registry,
} from 'prom-client';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { VERSION } from '../../../lib/core/version/version.js';
import { parseText, sampleValue } from '../../support/parse-text.js';

describe("prom-client's view of the instruments", () => {
  let registry: SharedRegistry;
  let metrics: MetricsCollector;

  beforeEach(() => {
    registry = new SharedRegistry();
    metrics = new MetricsCollector(registry);
    metrics.incrementRequestCount({ model: 'm', graph: 'g' });
    metrics.updateQueueSize({ size: 3 });
    metrics.recordRateLimitWait({ waitSeconds: 0.02, model: 'm' });
  });

  const request = { model: 'm', graph: 'g', request_type: 'generate' };

  function expectRecorded(text: string, times = 1): void {
    expect(sampleValue(text, 'tinyllm_requests_total', request)).to.equal(times);
    expect(sampleValue(text, 'tinyllm_queue_size', { priority: 'normal' })).to.equal(3 * times);
    const wait = (name: string, labels = {}) =>
      sampleValue(text, `tinyllm_rate_limit_wait_seconds_${name}`, { model: 'm', ...labels });
    expect(wait('bucket', { le: '0.01' })).to.equal(0);
    expect(wait('bucket', { le: '0.05' })).to.equal(times);
    expect(wait('bucket', { le: '+Inf' })).to.equal(times);
    expect(wait('sum')).to.equal(0.02 * times);
    expect(wait('count')).to.equal(times);
    expect(sampleValue(text, 'tinyllm_system_info', { version: VERSION, app: 'tinyllm' })).to.equal(1);
  }

  it('metrics()', async () => {
    expectRecorded(await registry.metrics());
  });

  it('getSingleMetric() and getSingleMetricAsString()', async () => {
    expect(registry.getSingleMetric('tinyllm_requests_total')).to.include({
      ...{ name: 'tinyllm_requests_total', type: 'counter', aggregator: 'sum' },
    });
    const text = await registry.getSingleMetricAsString('tinyllm_requests_total');
    expect(sampleValue(`${text}\n`, 'tinyllm_requests_total', request)).to.equal(1);
  });

  it('getMetricsAsJSON()', async () => {
    const all = await registry.getMetricsAsJSON();
    expect(all.find(({ name }) => name === 'tinyllm_requests_total')).to.deep.include({
      ...{ type: 'counter', aggregator: 'sum', values: [{ labels: request, value: 1 }] },
    });
    const text = await AggregatorRegistry.aggregate([JSON.parse(JSON.stringify(all)) as object[]]).metrics();
    expectRecorded(text);
  });

  it('Registry.merge() with another registry', async () => {
    const other = new Registry();
    new PromClientCounter({ name: 'jobs_total', help: 'Jobs.', registers: [other] }).inc(5);
    const text = await Registry.merge([registry, other]).metrics();
    expectRecorded(text);
    expect(sampleValue(text, 'jobs_total')).to.equal(5);
  });

  it('AggregatorRegistry.aggregate() of two processes returns sums, and info metrics once', async () => {
    const snapshots = [await registry.getMetricsAsJSON(), await registry.getMetricsAsJSON()];
    const sent = JSON.parse(JSON.stringify(snapshots)) as object[][];
    expectRecorded(await AggregatorRegistry.aggregate(sent).metrics(), 2);
  });

  it('collectDefaultMetrics()', async () => {
    collectDefaultMetrics({ register: registry });
    // prom-client writes its own NaN in a form that the format does not allow.
    const text = (await registry.metrics()).replaceAll(' Nan\n', ' NaN\n');
    expectRecorded(text);
    expect(sampleValue(text, 'process_resident_memory_bytes')).to.be.above(0);
  });

  it('resetMetrics() resets values and keeps references valid', async () => {
    const handle = metrics.instruments.requests.series('m', 'g', 'generate');
    registry.resetMetrics();
    const text = await registry.metrics();
    expect(sampleValue(text, 'tinyllm_requests_total', request)).to.equal(0);
    expect(sampleValue(text, 'tinyllm_rate_limit_wait_seconds_sum', { model: 'm' })).to.equal(0);
    expect(sampleValue(text, 'tinyllm_rate_limit_wait_seconds_bucket', { model: 'm', le: '+Inf' })).to.equal(0);
    expect(sampleValue(text, 'tinyllm_system_info', { version: VERSION, app: 'tinyllm' })).to.equal(1);
    handle.inc(4);
    expect(sampleValue(await registry.metrics(), 'tinyllm_requests_total', request)).to.equal(4);
  });

  it('an OpenMetrics scrape uses its own counter names, and changes no counter', async () => {
    const names = () => registry.getMetricsAsArray().map(({ name }) => name);
    const before = names();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
    const text = await registry.metrics();
    expect(text).to.match(/# EOF\n$/);
    expect(text).to.include('# TYPE tinyllm_requests counter\n');
    expect(text).to.include('tinyllm_requests_total{model="m",graph="g",request_type="generate"} 1\n');
    expect(text).to.not.include('_total_total');
    expect(names()).to.deep.equal(before);
    registry.setContentType(Registry.PROMETHEUS_CONTENT_TYPE as never);
    expectRecorded(await registry.metrics());
  });

  it('concurrent scrapes of both formats do not affect each other', async () => {
    const openMetrics = new Registry();
    openMetrics.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
    for (const metric of registry.getMetricsAsArray()) openMetrics.registerMetric(metric as never);
    const [first, second, third] = await Promise.all([
      openMetrics.metrics(),
      registry.metrics(),
      openMetrics.metrics(),
    ]);
    expect(first).to.include('\ntinyllm_requests_total{');
    expectRecorded(second);
    expect(third).to.equal(first);
  });

  it('a Pushgateway accepts the registry', () => {
    expect(() => new Pushgateway('http://127.0.0.1:9', {}, registry)).to.not.throw();
  });

  it('default labels are added, with lower priority than labels of a series', async () => {
    registry.setDefaultLabels({ zone: 'a', model: 'default' });
    const text = await registry.metrics();
    expect(sampleValue(text, 'tinyllm_requests_total', { ...request, zone: 'a' })).to.equal(1);
    expect(sampleValue(text, 'tinyllm_queue_active_workers', { zone: 'a', model: 'default' })).to.equal(0);
  });

  it("a user's own metric cannot use a name of a TinyLLM metric", () => {
    expect(() => new PromClientGauge({ name: 'tinyllm_queue_size', help: 'Mine.', registers: [registry] })).to.throw(
      'already been registered',
    );
  });

  it('every family occurs once and is strictly well-formed', async () => {
    const families = parseText(await registry.metrics());
    expect(families.map(({ name }) => name)).to.deep.equal(registry.getMetricsAsArray().map(({ name }) => name));
  });

  it("prom-client's default registry is never changed", () => {
    expect(defaultRegistry.getMetricsAsArray().filter(({ name }) => name.startsWith('tinyllm_'))).to.deep.equal([]);
  });
});
