import { expect } from 'chai';
import {
  register as defaultRegistry,
  Gauge,
  Histogram,
  Counter as PromClientCounter,
  Registry,
  Summary,
} from 'prom-client-original';
import { MetricsConfigurationError } from '../../../lib/core/errors/errors.js';
import { Counter as CustomCounter } from '../../../lib/core/metrics/custom/counter.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import type { SegmentChain } from '../../../lib/core/metrics/segment-chain.js';
import { SegmentReader } from '../../../lib/core/metrics/segment-reader.js';
import { registry, SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { allHostileMetrics } from '../../support/hostile-metrics.js';
import { parseText, sampleValue } from '../../support/parse-text.js';
import { registryText } from '../../support/registry-text.js';

describe('SharedRegistry', () => {
  it('publishes its default labels, until it is cleared', () => {
    const fresh = new SharedRegistry();
    expect(fresh.defaultLabels).to.deep.equal({});
    fresh.setDefaultLabels({ zone: 'a' });
    expect(fresh.defaultLabels).to.deep.equal({ zone: 'a' });
    fresh.clear();
    expect(fresh.defaultLabels).to.deep.equal({});
  });

  it('returns the name under which a metric was registered', () => {
    const fresh = new SharedRegistry();
    const metric = { name: 'jobs_total' };
    fresh.registerMetric(metric as never);
    metric.name = 'jobs';
    fresh.registerMetric(metric as never);
    expect(fresh.nameOf(metric)).to.equal('jobs_total');
    expect(fresh.nameOf({ name: 'unknown' })).to.equal('unknown');
  });
});

describe('SharedRegistry, with custom metrics', () => {
  it('replaces the characters of UTF-8 names that the formats of prom-client do not have', async () => {
    const target = new SharedRegistry();
    const counter = new CustomCounter({ name: 'a.b', help: 'A.', labelNames: ['c d'], registers: [target] });
    counter.inc({ 'c d': 'x' });
    expect(await target.metrics()).to.equal('# HELP a_b A.\n# TYPE a_b counter\na_b{c_d="x"} 1\n');
  });

  it('has 1,000 label sets of a metric, and counts all others in one series until a reset', async () => {
    const target = new SharedRegistry();
    // Other specs of this process can change the default, which is tested with `RegistryMemory`.
    const facts = { name: 'a_total', help: 'A.', labelNames: ['index'], registers: [target], maxSeries: 1_000 };
    const counter = new CustomCounter(facts);
    for (let index = 0; index < 1_005; index++) counter.inc({ index });
    expect(registryText(target)).to.include('a_total{index="999"} 1\n').and.include('a_total{index="other"} 5\n');
    counter.remove({ index: 0 });
    counter.inc({ index: 'late' });
    expect(registryText(target)).to.include('a_total{index="other"} 6\n').and.not.include('late');
    counter.reset();
    counter.inc({ index: 'late' });
    // A reset is visible in shared memory at the end of the turn.
    await Promise.resolve();
    expect(registryText(target)).to.include('a_total{index="late"} 1\n').and.not.include('other');
  });
});

describe("SharedRegistry, for readers of its metrics' segments", () => {
  const setUp = () => {
    const target = new SharedRegistry();
    const listen = (meter: Meter) => {
      const reader = new SegmentReader(meter.memory.segments[0]!.buffer);
      return () => [...reader.newRecords()].filter(({ type }) => type === 'foreign' || type === 'default-labels');
    };
    return { target, listen };
  };
  const present = { type: 'foreign', present: true };
  const absent = { type: 'foreign', present: false };

  it('publishes whether it has metrics of the application', () => {
    const { target, listen } = setUp();
    const newRecords = listen(new Meter(target));
    expect(newRecords()).to.deep.equal([absent]);
    const jobs = new PromClientCounter({ name: 'jobs_total', help: 'Jobs.', registers: [target] });
    new PromClientCounter({ name: 'other_total', help: 'Other.', registers: [target] });
    expect(newRecords()).to.deep.equal([present]);
    expect(listen(new Meter(target))()).to.deep.equal([present]);
    target.removeSingleMetric('other_total');
    expect(newRecords()).to.deep.equal([]);
    target.removeSingleMetric('jobs_total');
    expect(newRecords()).to.deep.equal([absent]);
    target.registerMetric(jobs as never);
    target.setDefaultLabels({ zone: 'a' });
    target.clear();
    expect(newRecords()).to.deep.equal([
      present,
      { type: 'default-labels', labels: { zone: 'a' } },
      absent,
      { type: 'default-labels', labels: {} },
    ]);
  });

  it("distinguishes the application's metrics from TinyLLM's, and lists them with their names", () => {
    const { target, listen } = setUp();
    const meter = new Meter(target);
    const newRecords = listen(meter);
    meter.create({ name: 'calls_total', help: 'Calls.', kind: 'counter' });
    expect([target.foreignMetrics(), newRecords()]).to.deep.equal([[], [absent]]);
    const jobs = new PromClientCounter({ name: 'jobs_total', help: 'Jobs.', registers: [target] });
    expect(target.foreignMetrics()).to.deep.equal([{ name: 'jobs_total', metric: jobs }]);
  });

  it('rejects default labels that do not fit into a segment, and keeps the previous ones', () => {
    const { target } = setUp();
    target.setDefaultLabels({ region: 'eu' });
    expect(() => target.setDefaultLabels({ region: 'x'.repeat(70_000) })).to.throw(
      MetricsConfigurationError,
      /^The default labels take 70\d+ bytes as JSON; expected at most 65526\. Shorten their values\.$/,
    );
    expect(target.defaultLabels).to.deep.equal({ region: 'eu' });
  });

  it('passes on the memory of its metrics, including series that were postponed to the first read', () => {
    const { target } = setUp();
    const meters = [new Meter(target), new Meter(target)];
    const level = meters[1]?.create({ name: 'level', help: 'Level.', kind: 'gauge' });
    expect(level?.allSeries).to.have.length(0);
    const memories: SegmentChain[] = [];
    target.followMemory((memory) => memories.push(memory));
    expect(memories).to.deep.equal(meters.map(({ memory }) => memory));
    expect(level?.allSeries).to.have.length(1);
  });
});

describe('registry', () => {
  it('is a prom-client registry, and not the default one', () => {
    expect(registry).to.be.instanceOf(Registry);
    expect(registry).to.not.equal(defaultRegistry);
  });

  it('is the same one however often the module is loaded', async () => {
    const again = '../../../lib/core/metrics/shared-registry.js?again';
    const copy = (await import(again)) as { registry: SharedRegistry; SharedRegistry: typeof SharedRegistry };
    expect(copy.SharedRegistry).to.not.equal(SharedRegistry);
    expect(copy.registry).to.equal(registry);
  });
});

describe('SharedRegistry, with foreign metrics', function () {
  this.timeout(30_000);

  const gauge = { name: 'given', help: 'Given.', type: 'gauge', values: [{ labels: {}, value: 1 }] };
  const setUp = (...hostile: readonly object[]) => {
    const target = new SharedRegistry();
    let errors = 0;
    target.onForeignErrors((count) => {
      errors += count;
    });
    new Gauge({ name: 'first', help: 'First.', registers: [target] }).set(1);
    for (const metric of hostile) target.registerMetric(metric as never);
    new PromClientCounter({ name: 'last_total', help: 'Last.', registers: [target] }).inc();
    return { target, errors: () => errors };
  };

  it('renders the valid ones next to invalid ones, and counts each invalid one once', async () => {
    const hostile = allHostileMetrics();
    const { target, errors } = setUp(...hostile);
    const text = await target.metrics();
    expect([sampleValue(text, 'first'), sampleValue(text, 'last_total')]).to.deep.equal([1, 1]);
    expect(errors()).to.equal(hostile.length);
    target.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
    expect((await target.metrics()).split('\n')).to.include.members(['first 1', 'last_total 1', '# EOF']);
    expect(errors()).to.equal(2 * hostile.length);
    const json = await target.getMetricsAsJSON();
    expect(json.map(({ name }) => name)).to.include.members(['first', 'last_total', 'given', 'hostile_name']);
    expect(errors()).to.equal(3 * hostile.length);
  });

  it('renders the valid ones like prom-client', async () => {
    const theirs = new Registry();
    const labelNames = ['job', 'code'];
    const { target } = setUp();
    target.clear();
    for (const registers of [[theirs], [target]]) {
      const common = { help: 'A "B"\nC.', labelNames, registers };
      new PromClientCounter({ ...common, name: 'jobs_total' }).inc({ job: 'a "b"\n', code: 200 }, 2);
      new Gauge({ ...common, name: 'level' }).set({ job: 'c', code: 7 }, 1.5);
      new Histogram({ ...common, name: 'wait_seconds', buckets: [1, 2] }).observe({ job: 'd', code: 1 }, 1.5);
      new Summary({ ...common, name: 'size_bytes' }).observe({ job: 'e', code: 2 }, 7);
      registers[0]?.setDefaultLabels({ zone: 'z' });
    }
    expect(await target.getMetricsAsJSON()).to.deep.equal(await theirs.getMetricsAsJSON());
    for (const type of [Registry.PROMETHEUS_CONTENT_TYPE, Registry.OPENMETRICS_CONTENT_TYPE]) {
      for (const one of [theirs, target]) one.setContentType(type as never);
      expect(await target.metrics()).to.equal(await theirs.metrics());
    }
  });

  it('omits a metric that fails only while it is rendered', async () => {
    let reads = 0;
    const labels = new Proxy({}, { ownKeys: () => (reads++ === 0 ? [] : [].at(1)!) });
    const { target, errors } = setUp({ name: 'given', get: () => ({ ...gauge, values: [{ labels, value: 1 }] }) });
    expect(sampleValue(await target.metrics(), 'last_total')).to.equal(1);
    expect(errors()).to.equal(1);
  });

  it('renders a metric once if it was renamed and registered again', async () => {
    const metric = { name: 'given', get: () => gauge };
    const { target } = setUp(metric);
    metric.name = 'renamed';
    target.registerMetric(metric as never);
    expect(parseText(await target.metrics()).map(({ name }) => name)).to.deep.equal(['first', 'given', 'last_total']);
  });

  it('never treats a Proxy as a TinyLLM metric', () => {
    const fail = () => {
      throw new Error('no');
    };
    const { target } = setUp();
    for (const traps of [
      { has: fail },
      { has: () => true },
      { get: (_: object, key: unknown) => (key === 'name' ? 'a' : fail()) },
    ]) {
      target.registerMetric(new Proxy({ name: 'a' }, traps) as never);
      expect(target.foreignMetrics().map(({ name }) => name)).to.include('a');
      target.removeSingleMetric('a');
    }
  });
});
