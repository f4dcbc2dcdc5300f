import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { followRegistry } from '../../../../lib/core/aggregation/follow-registry.js';
import { Gatherer } from '../../../../lib/core/aggregation/gatherer.js';
import { catalog } from '../../../../lib/core/catalog/catalog.js';
import { getMetricsCollector } from '../../../../lib/core/collector/shared-collector.js';
import { Counter } from '../../../../lib/core/metrics/custom/counter.js';
import { Gauge } from '../../../../lib/core/metrics/custom/gauge.js';
import type { Instrument } from '../../../../lib/core/metrics/instrument.js';
import { CELLS_PER_PAGE, PAGE_BYTES } from '../../../../lib/core/metrics/segment.js';
import { SegmentReader } from '../../../../lib/core/metrics/segment-reader.js';
import { SharedRegistry } from '../../../../lib/core/metrics/shared-registry.js';
import { createMetric } from '../../../support/custom-metrics/compare-metrics.js';
import { anyStep, MetricDriver } from '../../../support/custom-metrics/metric-driver.js';
import { ReplayedWorker } from '../../../support/custom-metrics/replayed-worker.js';
import { ReusingRegistry } from '../../../support/custom-metrics/reusing-registry.js';
import { exhaust, restoreMemory } from '../../../support/exhaust-memory.js';
import { registryText } from '../../../support/registry-text.js';

const step = fc.oneof(
  { weight: 20, arbitrary: anyStep({ relabels: true }) },
  fc.constantFrom('read' as const, 'read' as const, 'fill cells' as const, 'fill log' as const),
);

/** Uses up the memory of the last segment, so that the next series or the next record needs another segment. */
function fill({ memory }: ReusingRegistry, what: 'fill cells' | 'fill log'): void {
  const last = memory.segments.at(-1)!;
  const record = { type: 'reset', metric: 1_000_000, cell: 0 } as const;
  if (what === 'fill log') while (last.append(record));
  else while (last.allocate(CELLS_PER_PAGE - 1, () => record) !== undefined);
}

describe('the series of a custom metric', () => {
  for (const kind of ['Counter', 'Gauge', 'Histogram'] as const) {
    it(`equal a model of a ${kind.toLowerCase()} in \`get\`, in a scrape and in the primary of a cluster`, async () => {
      const steps = fc.array(step, { maxLength: 80, size: 'max' });
      await fc.assert(
        fc.asyncProperty(steps, async (all) => {
          const own = new ReusingRegistry({ maxSegmentBytes: 3 * PAGE_BYTES });
          const driver = new MetricDriver(kind, own.registry);
          const primary = new ReplayedWorker(own.registry);
          const expectEqual = async () => {
            const { samples } = driver.model;
            expect(await driver.read(), 'get').to.deep.equal(samples);
            expect(own.samples, 'scrape').to.deep.equal(samples);
            primary.report();
            expect(primary.samples, 'primary').to.deep.equal(samples);
          };
          for (const one of all) {
            if (one === 'read') await expectEqual();
            else if (typeof one === 'string') fill(own, one);
            else driver.apply(one);
          }
          await expectEqual();
        }),
        { numRuns: 150 },
      );
    });
  }
});

describe('a reset of a custom metric', () => {
  const setUp = () => {
    const registry = new SharedRegistry();
    const gauge = new Gauge({ name: 'jobs', help: 'Jobs.', labelNames: ['kind'], registers: [registry] });
    const fill = (value: number, kinds: readonly string[]) => {
      gauge.reset();
      for (const kind of kinds) gauge.set({ kind }, value);
    };
    return { registry, gauge, fill, logged: recordCounter(registry) };
  };

  it('adds nothing to the log if the series get new values in the same turn', async () => {
    const { fill, logged } = setUp();
    fill(1, ['a', 'b']);
    const before = logged();
    for (let round = 0; round < 100; round++) {
      fill(round, ['a', 'b']);
      await Promise.resolve();
    }
    expect(logged()).to.equal(before);
  });

  it('removes the other series at the end of the turn, and shows no reader a partly filled metric', async () => {
    const { registry, gauge, fill } = setUp();
    fill(1, ['a', 'b']);
    gauge.reset();
    gauge.set({ kind: 'b' }, 2);
    expect(valuesIn(registry)).to.deep.equal(['jobs{kind="a"} 1', 'jobs{kind="b"} 2']);
    expect((await gauge.get()).values).to.deep.equal([{ value: 2, labels: { kind: 'b' } }]);
    expect(valuesIn(registry)).to.deep.equal(['jobs{kind="b"} 2']);
  });

  it('starts counters at zero, and updates their creation time', async () => {
    const registry = new SharedRegistry();
    const counter = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['kind'], registers: [registry] });
    const bound = counter.labels('a');
    bound.inc(5);
    const gatherer = new Gatherer();
    followRegistry(registry, gatherer);
    const created = () => [...gatherer.family('jobs_total')!.series].map(({ createdSeconds }) => createdSeconds);
    const [before = 0] = created();
    await sleep(5);
    counter.reset();
    bound.inc(2);
    await Promise.resolve();
    expect(valuesIn(registry)).to.deep.equal(['jobs_total{kind="a"} 2']);
    expect(created()[0]).to.be.above(before);
  });

  it('keeps the series that get values after several resets, and those of a metric that changes its registry', async () => {
    const { registry, gauge, fill } = setUp();
    fill(1, ['a', 'b']);
    gauge.reset();
    fill(3, ['b', 'c']);
    registry.removeSingleMetric('jobs');
    registry.registerMetric(gauge);
    await Promise.resolve();
    expect(valuesIn(registry)).to.deep.equal(['jobs{kind="b"} 3', 'jobs{kind="c"} 3']);
  });
});

function valuesIn(registry: SharedRegistry): string[] {
  return registryText(registry)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Returns a function that returns the number of records in the registry's log. */
function recordCounter(registry: SharedRegistry): () => number {
  const reader = new SegmentReader(registry.memory.forCustomMetrics().segments[0]!.buffer);
  let count = 0;
  return () => {
    count += [...reader.newRecords()].length;
    return count;
  };
}
describe('the series of a custom metric, past the limit', () => {
  const { meter } = getMetricsCollector();
  const { maxSeriesPerMetric } = meter;
  let own: ReusingRegistry;

  beforeEach(() => {
    own = new ReusingRegistry();
    meter.configure({ maxSeriesPerMetric: 2 });
  });
  afterEach(() => {
    restoreMemory();
    meter.configure({ maxSeriesPerMetric });
  });

  const create = <Kind extends 'Counter' | 'Gauge' | 'Histogram'>(kind: Kind, options = {}) =>
    createMetric(kind, { name: 'metric', labelNames: ['node', 'zone'], buckets: [1], ...options }, own.registry);
  const other = 'metric,node="other",zone="other"';

  it('share the series `other`, also if they are bound, and each call is counted', async () => {
    const counter = create('Counter', { name: 'past_limit_total' });
    const overflows = () => {
      const errors = meter.registry.getSingleMetric(catalog.metricsOverflow.name) as unknown as Instrument;
      return errors.series('past_limit_total').page[errors.series('past_limit_total').offset]!;
    };
    const [early, late] = [counter.labels('bound', 'early'), counter.labels('bound', 'late')];
    for (const node of ['a', 'b']) counter.inc({ node, zone: 'z' });
    for (const node of ['c', 'd', 'c']) counter.inc({ node, zone: 'z' });
    for (const bound of [early, late, early]) bound.inc(2);
    expect(own.samples).to.deep.equal({
      'past_limit_total,node="a",zone="z"': 1,
      'past_limit_total,node="b",zone="z"': 1,
      'past_limit_total,node="other",zone="other"': 9,
    });
    expect((await counter.get()).values.at(-1)).to.deep.equal({ labels: { node: 'other', zone: 'other' }, value: 9 });
    // A bound counter finds the series only once.
    expect(overflows()).to.equal(5);
  });

  it('use the series `other` of the application, if there is one', () => {
    const gauge = create('Gauge');
    gauge.set({ node: 'other', zone: 'other' }, 1);
    gauge.set({ node: 'a' }, 2);
    gauge.inc({ node: 'b' }, 3);
    expect(own.samples).to.deep.equal({ [other]: 4, 'metric,node="a"': 2 });
  });

  it('stay in the series `other` after removals, until a reset', () => {
    const gauge = create('Gauge');
    const bound = gauge.labels('c', 'z');
    for (const node of ['a', 'b', 'c']) gauge.inc({ node, zone: 'z' });
    gauge.remove('a', 'z');
    bound.dec();
    gauge.remove('c', 'z');
    expect(own.samples).to.deep.equal({ 'metric,node="b",zone="z"': 1, [other]: 0 });
    gauge.reset();
    bound.inc(5);
    expect(own.samples).to.deep.equal({ 'metric,node="c",zone="z"': 5 });
  });

  it('start again after the series `other` was removed', () => {
    const gauge = create('Gauge');
    const bound = gauge.labels('c', 'z');
    for (const node of ['a', 'b']) gauge.inc({ node, zone: 'z' });
    bound.inc();
    gauge.remove('other', 'other');
    gauge.remove('a', 'z');
    bound.inc(5);
    expect(own.samples).to.deep.equal({ 'metric,node="b",zone="z"': 1, 'metric,node="c",zone="z"': 5 });
  });

  it('are set to zero without becoming `other`', () => {
    const histogram = create('Histogram', { buckets: [] });
    const bound = histogram.labels('a', 'z');
    for (const node of ['a', 'b', 'c', 'd']) histogram.observe({ node, zone: 'z' }, 3);
    histogram.zero({ node: 'a', zone: 'z' });
    const counts = () => Object.entries(own.samples).filter(([key]) => key.startsWith('metric_count'));
    expect(Object.fromEntries(counts())).to.deep.equal({
      'metric_count,node="a",zone="z"': 0,
      'metric_count,node="b",zone="z"': 1,
      'metric_count,node="other",zone="other"': 2,
    });
    bound.observe(1);
    histogram.zero({ node: 'other', zone: 'other' });
    histogram.observe({ node: 'c', zone: 'z' }, 3);
    expect(Object.fromEntries(counts())).to.deep.equal({
      'metric_count,node="a",zone="z"': 1,
      'metric_count,node="b",zone="z"': 1,
      'metric_count,node="other",zone="other"': 1,
    });
  });

  it('lose their values without memory, but no call fails', async () => {
    const [counter, histogram] = [create('Counter'), create('Histogram', { name: 'wait', enableExemplars: true })];
    counter.inc({ node: 'a' });
    exhaust(own.memory);
    const lost = counter.labels('lost', 'z');
    for (const zone of ['y', 'z']) counter.inc({ node: 'lost', zone });
    lost.inc();
    histogram.observe({ value: 2, exemplarLabels: { id: '1' } });
    histogram.zero({});
    const late = create('Gauge', { name: 'late', labelNames: [] });
    late.set(5);
    for (const metric of [counter, histogram, late]) metric.remove({});
    for (const metric of [counter, histogram, late]) metric.reset();
    counter.inc({ node: 'lost' });
    late.set(6);
    expect((await late.get()).values).to.deep.equal([]);
    expect(() => own.registry.clear()).not.to.throw();
    expect(() => own.registry.registerMetric(late)).not.to.throw();
    late.reset();
    late.set(7);
    expect((await late.get()).values).to.deep.equal([]);
    restoreMemory();
    own.registry.removeSingleMetric('late');
    late.reset();
    late.set(8);
    expect((await late.get()).values).to.deep.equal([{ labels: {}, value: 8 }]);
  });

  it('keep their values if there is no memory in the registry that the metric joins', async () => {
    const [source, target] = [own.registry, new ReusingRegistry()];
    const counter = create('Counter');
    counter.inc({ node: 'a' }, 2);
    source.clear();
    exhaust(target.memory);
    target.registry.registerMetric(counter);
    counter.inc({ node: 'a' }, 3);
    expect((await counter.get()).values).to.deep.equal([{ labels: { node: 'a' }, value: 5 }]);
    expect(target.samples).to.deep.equal({});
    counter.remove({ node: 'a' });
    expect((await counter.get()).values).to.deep.equal([]);
  });
});
