import { expect } from 'chai';
import { catalog } from '../../../../lib/core/catalog/catalog.js';
import { getMetricsCollector } from '../../../../lib/core/collector/shared-collector.js';
import type { Instrument } from '../../../../lib/core/metrics/instrument.js';
import { createMetric } from '../../../support/custom-metrics/compare-metrics.js';
import { endOfTurn } from '../../../support/custom-metrics/end-of-turn.js';
import { ReusingRegistry } from '../../../support/custom-metrics/reusing-registry.js';
import { exhaust, restoreMemory } from '../../../support/exhaust-memory.js';

describe('BoundSeries, past the limit of label sets', () => {
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

  it('stay in the series `other` after removals, until a reset', async () => {
    const gauge = create('Gauge');
    const bound = gauge.labels('c', 'z');
    for (const node of ['a', 'b', 'c']) gauge.inc({ node, zone: 'z' });
    gauge.remove('a', 'z');
    bound.dec();
    gauge.remove('c', 'z');
    expect(own.samples).to.deep.equal({ 'metric,node="b",zone="z"': 1, [other]: 0 });
    gauge.reset();
    bound.inc(5);
    await endOfTurn();
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
