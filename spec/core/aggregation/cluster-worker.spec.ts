import { expect } from 'chai';
import { threadSegments } from '../../../lib/core/aggregation/thread-segments.js';
import type { Aggregator } from '../../../lib/core/metrics/custom/configuration.js';
import { Gauge } from '../../../lib/core/metrics/custom/gauge.js';
import { Histogram } from '../../../lib/core/metrics/custom/histogram.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { registry, SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { ReplayedWorker } from '../../support/custom-metrics/replayed-worker.js';
import { ReusingRegistry } from '../../support/custom-metrics/reusing-registry.js';

/** The last used thread number. No thread of this process has such a number. */
let lastThread = 900_100;

describe('The primary of a cluster, with a worker that has several threads,', () => {
  const started: number[] = [];
  afterEach(() => {
    for (const thread of started) threadSegments().retire(thread);
  });

  const startThread = () => {
    const own = new ReusingRegistry();
    const thread = ++lastThread;
    started.push(thread);
    own.memory.follow(({ buffer }, index) => threadSegments().add(thread, buffer, index));
    return { registers: [own.registry], end: () => threadSegments().retire(thread) };
  };
  const setUp = (name: string) => {
    const replayed = new ReplayedWorker(registry);
    const samples = () => {
      replayed.report();
      const all = Object.entries(replayed.samples).filter(([key]) => key.startsWith(name));
      return Object.fromEntries(all.map(([key, value]) => [key.slice(name.length), value]));
    };
    return { samples };
  };

  for (const aggregator of ['sum', 'min', 'max', 'average', 'first'] satisfies Aggregator[]) {
    it(`has no gauge with the aggregator ${aggregator} after the end of its thread`, () => {
      const name = `replayed_${aggregator}`;
      const { samples } = setUp(name);
      const facts = { name, help: 'Level.', labelNames: ['node'], aggregator };
      const [one, other] = [startThread(), startThread()];
      const gauges = [one, other].map(({ registers }) => new Gauge({ ...facts, registers }));
      gauges[0]?.set({ node: 'a' }, 5);
      for (const gauge of gauges) gauge.set({ node: 'b' }, 5);
      expect(samples()).to.deep.equal({ ',node="a"': 5, ',node="b"': aggregator === 'sum' ? 10 : 5 });
      one.end();
      expect(samples()).to.deep.equal({ ',node="b"': 5 });
      other.end();
      expect(samples()).to.deep.equal({});
    });
  }

  it('omits a gauge with the aggregator omit while several threads have it', () => {
    const { samples } = setUp('replayed_omit');
    const facts = { name: 'replayed_omit', help: 'Level.', labelNames: ['node'], aggregator: 'omit' } as const;
    const [one, other] = [startThread(), startThread()];
    const gauge = new Gauge({ ...facts, registers: one.registers });
    for (const node of ['a', 'b']) gauge.set({ node }, 1);
    expect(samples()).to.deep.equal({ ',node="a"': 1, ',node="b"': 1 });
    new Gauge({ ...facts, registers: other.registers }).set({ node: 'a' }, 1);
    expect(samples()).to.deep.equal({ ',node="b"': 1 });
    other.end();
    expect(samples()).to.deep.equal({ ',node="a"': 1, ',node="b"': 1 });
  });

  it('has the new buckets of the main thread, and not the old ones of another thread', () => {
    const name = 'replayed_seconds';
    const { samples } = setUp(name);
    const declare = (buckets: number[], registers = [registry]) =>
      new Histogram({ name, help: 'Wait.', buckets, registers }).observe(1.5);
    declare([1]);
    declare([1], startThread().registers);
    const one = { '_bucket,le="1"': 0, '_bucket,le="+Inf"': 2, _sum: 3, _count: 2 };
    expect(samples()).to.deep.equal(one);
    registry.removeSingleMetric(name);
    declare([1, 2]);
    expect(samples()).to.deep.equal({ ...one, '_bucket,le="2"': 1, '_bucket,le="+Inf"': 1, _sum: 1.5, _count: 1 });
    registry.removeSingleMetric(name);
    expect(samples()).to.deep.equal({});
  });

  it('has no series of an instrument that is not in the registry, until it is added again', () => {
    const own = new SharedRegistry();
    const calls = new Meter(own).create({ name: 'calls_total', kind: 'counter', help: 'Calls.', labels: ['node'] });
    const replayed = new ReplayedWorker(own);
    const samples = () => {
      replayed.report();
      return replayed.samples;
    };
    calls.series('a').inc();
    expect(samples()).to.deep.equal({ 'calls_total,node="a"': 1 });
    own.removeSingleMetric('calls_total');
    calls.series('b').inc();
    expect(samples()).to.deep.equal({});
    own.registerMetric(calls as never);
    expect(samples()).to.deep.equal({ 'calls_total,node="a"': 1, 'calls_total,node="b"': 1 });
  });
});
