import { expect } from 'chai';
import { ChangedSeries } from '../../../lib/core/aggregation/changed-series.js';
import { threadSegments } from '../../../lib/core/aggregation/thread-segments.js';
import { Counter } from '../../../lib/core/metrics/custom/counter.js';
import { Gauge } from '../../../lib/core/metrics/custom/gauge.js';
import { Histogram } from '../../../lib/core/metrics/custom/histogram.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { registry, SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { ReplayedWorker } from '../../support/custom-metrics/replayed-worker.js';
import { ReusingRegistry } from '../../support/custom-metrics/reusing-registry.js';

/** Thread numbers that do not exist in this process. */
const THREADS = [900_001, 900_002] as const;

function startThread(number: number) {
  const meter = new Meter(new SharedRegistry());
  threadSegments().add(number, meter.memory.segments[0]!.buffer);
  return meter.create({ name: 'changed_level', kind: 'gauge', help: 'Level.', labels: ['node'] });
}

describe('ChangedSeries', () => {
  it('returns the changed series, or all series on request', () => {
    const own = new SharedRegistry();
    const calls = new Meter(own).create({ name: 'calls_total', kind: 'counter', help: 'Calls.', labels: ['node'] });
    const changed = new ChangedSeries(own);
    const take = (all: boolean) => changed.take({ all }).flatMap(({ series }) => series.map(({ cells }) => cells));
    calls.series('a').inc();
    calls.series('b').inc(2);
    expect(take(false)).to.deep.equal([[1], [2]]);
    expect(take(false)).to.deep.equal([]);
    calls.series('b').inc();
    expect(take(false)).to.deep.equal([[3]]);
    expect(take(true)).to.deep.equal([[1], [3]]);
  });

  it('returns a series that was reset and has reached the same value again', async () => {
    const own = new SharedRegistry();
    const calls = new Meter(own).create({ name: 'calls_total', kind: 'counter', help: 'Calls.', labels: ['node'] });
    const changed = new ChangedSeries(own);
    const created = () =>
      changed.take({ all: false }).flatMap(({ series }) => series.map(({ createdSeconds }) => createdSeconds));
    calls.series('a').inc();
    const [first = 0] = created();
    // The clock for creation times has a resolution of 1 ms.
    while (Date.now() / 1_000 <= first) await new Promise(setImmediate);
    calls.reset();
    calls.series('a').inc();
    const [second = 0] = created();
    expect(second).to.be.above(first);
  });

  it('reports a gauge of an ended thread as removed, until another thread sets it', () => {
    const changed = new ChangedSeries(registry);
    const take = (all: boolean) =>
      changed
        .take({ all })
        .filter(({ descriptor }) => descriptor.name === 'changed_level')
        .flatMap(({ series, removed = [] }) => [
          ...removed.map((labelValues) => [...labelValues, 'removed']),
          ...series.map(({ labelValues, cells }) => [...labelValues, ...cells]),
        ]);
    startThread(THREADS[0]).series('a').set(2);
    expect(take(false)).to.deep.equal([['a', 2]]);
    threadSegments().retire(THREADS[0]);
    expect(take(false)).to.deep.equal([['a', 'removed']]);
    startThread(THREADS[1]).series('a').set(Number.POSITIVE_INFINITY);
    expect(take(true)).to.deep.equal([['a', 'Infinity']]);
    threadSegments().retire(THREADS[1]);
    expect(take(true)).to.deep.equal([['a', 'removed']]);
    expect(take(true)).to.deep.equal([]);
  });

  it('compares only the written pages, and none if nothing was written', () => {
    const own = new SharedRegistry();
    const meter = new Meter(own);
    meter.configure({ maxSeriesPerMetric: 20_000 });
    const calls = meter.create({ name: 'calls_total', kind: 'counter', help: 'Calls.', labels: ['node'] });
    const nodes = Array.from({ length: 20_000 }, (_, node) => `${node}`);
    for (const node of nodes) calls.series(node).inc();
    const changed = new ChangedSeries(own);
    const count = () => changed.take({ all: false }).reduce((sum, { series }) => sum + series.length, 0);
    const look = () => {
      const before = changed.comparedPages;
      return { series: count(), pages: changed.comparedPages - before };
    };
    expect(look()).to.deep.equal({ series: 20_000, pages: 3 });
    // Written pages are compared once more, because some writes may not have been visible.
    expect(look()).to.deep.equal({ series: 0, pages: 3 });
    expect(look()).to.deep.equal({ series: 0, pages: 0 });
    calls.series('19999').inc();
    expect(look()).to.deep.equal({ series: 1, pages: 1 });
    expect([look(), look()]).to.deep.equal([
      { series: 0, pages: 1 },
      { series: 0, pages: 0 },
    ]);
  });

  it('returns the last counts of an ended thread, and keeps the gauges of other threads', () => {
    const changed = new ChangedSeries(registry);
    const take = () =>
      changed
        .take({ all: false })
        .filter(({ descriptor }) => /^(ended|changed)_/.test(descriptor.name))
        .flatMap(({ descriptor, series, removed = [] }) => [
          ...removed.map((labelValues) => [descriptor.name, ...labelValues, 'removed']),
          ...series.map(({ labelValues, cells }) => [descriptor.name, ...labelValues, ...cells]),
        ]);
    const start = (number: number) => {
      const meter = new Meter(new SharedRegistry());
      threadSegments().add(number, meter.memory.segments[0]!.buffer);
      return {
        calls: meter.create({ name: 'ended_total', kind: 'counter', help: 'Calls.', labels: ['node'] }),
        level: meter.create({ name: 'changed_level', kind: 'gauge', help: 'Level.', labels: ['node'] }),
      };
    };
    const [one, other] = [start(900_003), start(900_004)];
    for (const { calls, level } of [one, other]) {
      calls.series('a').inc();
      level.series('a').set(2);
    }
    other.level.series('b').set(1);
    expect(take()).to.have.deep.members([
      ['ended_total', 'a', 2],
      ['changed_level', 'a', 4],
      ['changed_level', 'b', 1],
    ]);
    one.calls.series('a').inc(5);
    threadSegments().retire(900_003);
    expect(take()).to.have.deep.members([
      ['ended_total', 'a', 7],
      ['changed_level', 'a', 2],
    ]);
    threadSegments().retire(900_004);
    expect(take()).to.have.deep.members([
      ['changed_level', 'a', 'removed'],
      ['changed_level', 'b', 'removed'],
    ]);
    expect(take()).to.deep.equal([]);
  });
});

describe('ChangedSeries, with removed series', () => {
  const setUp = () => {
    const source = new ReusingRegistry();
    const replayed = new ReplayedWorker(source.registry);
    const facts = { help: 'Help.', registers: [source.registry] };
    const expectEqual = () => {
      replayed.report();
      expect(replayed.samples).to.deep.equal(source.samples);
    };
    return { source, replayed, facts, expectEqual };
  };

  it('reports the new value of a series in reused cells, even if it equals the last value of the removed one', () => {
    const { source, replayed, facts } = setUp();
    const calls = new Counter({ ...facts, name: 'calls_total', labelNames: ['node'] });
    calls.inc({ node: 'a' }, 5);
    for (let time = 0; time < 3; time++) replayed.report();
    calls.remove('a');
    const jobs = new Counter({ ...facts, name: 'jobs_total' });
    for (let time = 0; time < 3; time++) replayed.report();
    jobs.inc(5);
    replayed.report();
    expect(replayed.samples).to.deep.equal({ jobs_total: 5 });
    expect(source.samples).to.deep.equal({ jobs_total: 5 });
  });

  it('finds changes after the cells of an exemplar were reused for a series', () => {
    const { facts, expectEqual } = setUp();
    const buckets = Array.from({ length: 62 }, (_, index) => index);
    facts.registers[0]!.setContentType('application/openmetrics-text; version=1.0.0; charset=utf-8' as never);
    const calls = new Counter({ ...facts, name: 'calls_total', labelNames: ['node'], enableExemplars: true });
    calls.inc({ labels: { node: 'a' }, exemplarLabels: { id: '1' } });
    const level = new Gauge({ ...facts, name: 'level', labelNames: ['node'] });
    for (const node of ['a', 'b', 'c']) level.set({ node }, 1);
    expectEqual();
    calls.remove({ node: 'a' });
    const wait = new Histogram({ ...facts, name: 'wait_seconds', labelNames: ['node'], buckets });
    wait.observe({ node: 'a' }, 2);
    expectEqual();
    for (const node of ['a', 'b', 'c']) level.set({ node }, 2);
    wait.observe({ node: 'a' }, 3);
    expectEqual();
  });

  it('reports only the changed series after the cells of a removed one were reused for a native histogram', () => {
    const { replayed, facts } = setUp();
    const native = { ...facts, labelNames: ['node'], buckets: [], nativeHistograms: true };
    const wait = new Histogram({ ...native, name: 'wait_seconds' });
    for (let node = 0; node < 20; node++) wait.observe({ node }, 1);
    for (let time = 0; time < 3; time++) replayed.report();
    wait.remove({ node: 7 });
    replayed.report();
    for (let power = 1; power < 10; power++) {
      wait.observe({ node: 3 }, 10 ** power);
      expect(replayed.report()).to.equal(1);
    }
  });

  it('reports a native histogram that its thread was changing at the next opportunity', () => {
    const { source, facts } = setUp();
    const changed = new ChangedSeries(source.registry);
    const wait = new Histogram({ ...facts, name: 'wait_seconds', nativeHistograms: true });
    wait.observe(1);
    const { page, offset } = wait.labels().cells!;
    const words = new Int32Array(page.buffer, page.byteOffset + (offset + 13) * 8);
    const take = () => changed.take({ all: false }).flatMap(({ series }) => series.map(({ native }) => native?.schema));
    words[2]! |= 1;
    expect(take()).to.deep.equal([undefined]);
    expect(take()).to.deep.equal([undefined]);
    words[2]! += 1;
    expect(take()).to.deep.equal([3]);
    expect(take()).to.deep.equal([]);
  });

  it('reports the removed series of a metric that is no longer registered', () => {
    const { source, replayed, facts, expectEqual } = setUp();
    new Counter({ ...facts, name: 'calls_total', labelNames: ['node'] }).inc({ node: 'a' });
    expectEqual();
    source.registry.removeSingleMetric('calls_total');
    expectEqual();
    new Counter({ ...facts, name: 'calls_total', labelNames: ['node'] }).inc({ node: 'b' });
    expectEqual();
    expect(replayed.samples).to.deep.equal({ 'calls_total,node="b"': 1 });
  });

  for (const [before, after] of [
    [['a', 'b'], ['b']],
    [['b'], ['a', 'b']],
    [['a', 'b', 'c'], ['c']],
  ] as const) {
    it(`reports a metric that changes its labels from ${before.join()} to ${after.join()} and back`, () => {
      const { source, facts, expectEqual } = setUp();
      const register = (labelNames: readonly string[], isReported: boolean) => {
        source.registry.clear();
        const level = new Gauge({ ...facts, name: 'level', labelNames });
        for (const value of ['x', 'y']) level.set(Object.fromEntries(labelNames.map((label) => [label, value])), 1);
        if (isReported) expectEqual();
      };
      register(before, true);
      for (let time = 0; time < 2; time++) {
        register(after, true);
        register(before, time === 0);
        register(before, true);
      }
    });
  }

  it('reports other labels of a gauge after the only thread with the old ones has ended', () => {
    const changed = new ChangedSeries(registry);
    const start = (thread: number, labelNames: readonly string[]) => {
      const own = new ReusingRegistry();
      own.memory.follow(({ buffer }, index) => threadSegments().add(thread, buffer, index));
      return new Gauge({ name: 'relabelled_level', help: 'Help.', registers: [own.registry], labelNames });
    };
    start(900_005, ['a', 'b']).set({ a: 'x', b: 'y' }, 1);
    changed.take({ all: false });
    threadSegments().retire(900_005);
    start(900_006, ['b']).set({ b: 'y' }, 1);
    const taken = changed.take({ all: false }).filter(({ descriptor }) => descriptor.name === 'relabelled_level');
    expect(taken.map(({ descriptor, series, removed }) => [descriptor.labels, series.length, removed])).to.deep.equal([
      [['a', 'b'], 0, [['x', 'y']]],
      [['b'], 1, undefined],
    ]);
    threadSegments().retire(900_006);
  });
});
