import { expect } from 'chai';
import { register as defaultRegistry, Counter as PromClientCounter, Registry } from 'prom-client-original';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { SegmentReader } from '../../../lib/core/metrics/segment-reader.js';
import { registry, SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';

describe('SharedRegistry', () => {
  it('tells its default labels, until it is cleared', () => {
    const fresh = new SharedRegistry();
    expect(fresh.defaultLabels).to.deep.equal({});
    fresh.setDefaultLabels({ zone: 'a' });
    expect(fresh.defaultLabels).to.deep.equal({ zone: 'a' });
    fresh.clear();
    expect(fresh.defaultLabels).to.deep.equal({});
  });

  it('remembers the name a metric was registered under', () => {
    const fresh = new SharedRegistry();
    const metric = { name: 'jobs_total' };
    fresh.registerMetric(metric as never);
    metric.name = 'jobs';
    fresh.registerMetric(metric as never);
    expect(fresh.nameOf(metric)).to.equal('jobs_total');
    expect(fresh.nameOf({ name: 'unknown' })).to.equal('unknown');
  });
});

describe("SharedRegistry, to those who read its metrics' segments", () => {
  const setUp = () => {
    const target = new SharedRegistry();
    const told = (meter: Meter) => {
      const reader = new SegmentReader(meter.segment.buffer);
      return () => [...reader.newRecords()].filter(({ type }) => type === 'foreign' || type === 'default-labels');
    };
    return { target, told };
  };
  const present = { type: 'foreign', present: true };
  const absent = { type: 'foreign', present: false };

  it("tells when it has the application's own metrics, and when it has none", () => {
    const { target, told } = setUp();
    const news = told(new Meter(target));
    expect(news()).to.deep.equal([absent]);
    const jobs = new PromClientCounter({ name: 'jobs_total', help: 'Jobs.', registers: [target] });
    new PromClientCounter({ name: 'other_total', help: 'Other.', registers: [target] });
    expect(news()).to.deep.equal([present]);
    expect(told(new Meter(target))()).to.deep.equal([present]);
    target.removeSingleMetric('other_total');
    expect(news()).to.deep.equal([]);
    target.removeSingleMetric('jobs_total');
    expect(news()).to.deep.equal([absent]);
    target.registerMetric(jobs as never);
    target.setDefaultLabels({ zone: 'a' });
    target.clear();
    expect(news()).to.deep.equal([
      present,
      { type: 'default-labels', labels: { zone: 'a' } },
      absent,
      { type: 'default-labels', labels: {} },
    ]);
  });

  it("tells the application's own metrics from ours, and lists them under their names", () => {
    const { target, told } = setUp();
    const meter = new Meter(target);
    const news = told(meter);
    meter.create({ name: 'calls_total', help: 'Calls.', kind: 'counter' });
    expect([target.foreignMetrics(), news()]).to.deep.equal([[], [absent]]);
    const jobs = new PromClientCounter({ name: 'jobs_total', help: 'Jobs.', registers: [target] });
    expect(target.foreignMetrics()).to.deep.equal([{ name: 'jobs_total', metric: jobs }]);
  });

  it('hands out the segments its metrics live in, with what waited for the first read', () => {
    const { target } = setUp();
    const meters = [new Meter(target), new Meter(target)];
    const level = meters[1]?.create({ name: 'level', help: 'Level.', kind: 'gauge' });
    expect(level?.allSeries).to.have.length(0);
    expect(target.readSegments()).to.deep.equal(meters.map(({ segment }) => segment));
    expect(level?.allSeries).to.have.length(1);
  });
});

describe('registry', () => {
  it('is a prom-client registry, and not the default one', () => {
    expect(registry).to.be.instanceOf(Registry);
    expect(registry).to.not.equal(defaultRegistry);
  });

  it('is one however often the module is loaded', async () => {
    const again = '../../../lib/core/metrics/shared-registry.js?again';
    const copy = (await import(again)) as { registry: SharedRegistry; SharedRegistry: typeof SharedRegistry };
    expect(copy.SharedRegistry).to.not.equal(SharedRegistry);
    expect(copy.registry).to.equal(registry);
  });
});
