import { expect } from 'chai';
import fc from 'fast-check';
import { Gatherer } from '../../../lib/core/aggregation/gatherer.js';
import { writeOpenMetrics } from '../../../lib/core/formats/openmetrics.js';
import { writeText } from '../../../lib/core/formats/text.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { parseText, sampleValue } from '../../support/parse-text.js';

/** Creates the meter and the instruments of a thread. */
function startThread(buckets = [1, 2]) {
  const meter = new Meter(new SharedRegistry());
  return {
    meter,
    buffer: meter.memory.segments[0]!.buffer,
    calls: meter.create({ name: 'calls_total', kind: 'counter', help: 'Calls.', labels: ['node'] }),
    active: meter.create({ name: 'active', kind: 'gauge', help: 'Active.', labels: ['node'] }),
    wait: meter.create({ name: 'wait_seconds', kind: 'histogram', help: 'Wait.', labels: [], buckets }),
    info: meter.create({ name: 'build_info', kind: 'info', help: 'Build.', labels: ['version'] }),
  };
}

describe('Gatherer', () => {
  const textOf = (gatherer: Gatherer) => writeText(gatherer.families());

  it('reads earlier and later values of a thread', () => {
    const { buffer, calls } = startThread();
    const gatherer = new Gatherer();
    gatherer.add(0, buffer);
    expect(textOf(gatherer)).to.contain('# TYPE calls_total counter');
    calls.series('a').inc(2);
    expect(sampleValue(textOf(gatherer), 'calls_total', { node: 'a' })).to.equal(2);
    calls.series('a').inc();
    calls.series('b').inc();
    expect(sampleValue(textOf(gatherer), 'calls_total', { node: 'a' })).to.equal(3);
    expect(sampleValue(textOf(gatherer), 'calls_total', { node: 'b' })).to.equal(1);
  });

  it('sums equal series of threads, except info metrics', () => {
    const gatherer = new Gatherer();
    [1, 2, 3].forEach((amount, number) => {
      const thread = startThread();
      gatherer.add(number, thread.buffer);
      thread.calls.series('a').inc(amount);
      thread.active.series('a').set(amount);
      thread.wait.series().observe(amount);
      thread.info.series('1').show();
    });
    const text = textOf(gatherer);
    expect(sampleValue(text, 'calls_total', { node: 'a' })).to.equal(6);
    expect(sampleValue(text, 'active', { node: 'a' })).to.equal(6);
    expect(sampleValue(text, 'wait_seconds_bucket', { le: '2' })).to.equal(2);
    expect(sampleValue(text, 'wait_seconds_count')).to.equal(3);
    expect(sampleValue(text, 'wait_seconds_sum')).to.equal(6);
    expect(sampleValue(text, 'build_info', { version: '1' })).to.equal(1);
  });

  it('returns each series once, independent of which thread creates it first', () => {
    const gatherer = new Gatherer();
    const [main, thread] = [startThread(), startThread()];
    gatherer.add(0, main.buffer);
    gatherer.add(1, thread.buffer);
    for (const [node, first, second] of [
      ['a', main, thread],
      ['b', thread, main],
      ['c', main, thread],
    ] as const) {
      first.calls.series(node).inc();
      textOf(gatherer);
      second.calls.series(node).inc();
      expect(sampleValue(textOf(gatherer), 'calls_total', { node })).to.equal(2);
    }
    gatherer.retire(1);
    const later = startThread();
    gatherer.add(2, later.buffer);
    later.calls.series('a').inc();
    expect(sampleValue(textOf(gatherer), 'calls_total', { node: 'a' })).to.equal(3);
  });

  it('keeps the counts of an ended thread, and removes its gauges', () => {
    const gatherer = new Gatherer();
    const [main, thread] = [startThread(), startThread()];
    gatherer.add(0, main.buffer);
    gatherer.add(1, thread.buffer);
    main.active.series('a').inc();
    for (const { calls, active, wait } of [main, thread]) {
      calls.series('a').inc();
      active.series('a').inc();
      active.series('b').inc();
      wait.series().observe(1.5);
    }
    thread.calls.series('own').inc(4);
    thread.active.series('own').inc();
    gatherer.retire(1);
    gatherer.retire(1);
    const text = textOf(gatherer);
    expect(sampleValue(text, 'calls_total', { node: 'a' })).to.equal(2);
    expect(sampleValue(text, 'calls_total', { node: 'own' })).to.equal(4);
    expect(sampleValue(text, 'wait_seconds_count')).to.equal(2);
    expect(sampleValue(text, 'active', { node: 'a' })).to.equal(2);
    expect(sampleValue(text, 'active', { node: 'b' })).to.equal(1);
    expect(sampleValue(text, 'active', { node: 'own' })).to.equal(undefined);
  });

  it('sums correctly for any order in which threads start, write and end', () => {
    const node = fc.constantFrom('a', 'b', 'c', 'd', '');
    const step = fc.oneof(
      { weight: 8, arbitrary: fc.record({ thread: fc.nat(3), node, amount: fc.integer({ min: 1, max: 9 }) }) },
      { weight: 2, arbitrary: fc.record({ ends: fc.nat(3) }) },
      { weight: 2, arbitrary: fc.constant('read' as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const gatherer = new Gatherer({ hasLeader: false });
        const threads = new Map<
          number,
          ReturnType<typeof startThread> & { number: number; levels: Map<string, number> }
        >();
        const counts = new Map<string, number>();
        let started = 0;
        for (const one of steps) {
          if (one === 'read') {
            textOf(gatherer);
          } else if ('ends' in one) {
            gatherer.retire(threads.get(one.ends)?.number ?? -1);
            threads.delete(one.ends);
          } else {
            const thread = threads.get(one.thread) ?? { ...startThread(), number: started++, levels: new Map() };
            threads.set(one.thread, thread);
            gatherer.add(thread.number, thread.buffer);
            thread.calls.series(one.node).inc(one.amount);
            counts.set(one.node, (counts.get(one.node) ?? 0) + one.amount);
            thread.active.series(one.node).set(one.amount);
            thread.levels.set(one.node, one.amount);
          }
        }
        const levels = new Map<string, number>();
        for (const [node, level] of [...threads.values()].flatMap((thread) => [...thread.levels])) {
          levels.set(node, (levels.get(node) ?? 0) + level);
        }
        const samples = parseText(textOf(gatherer)).flatMap((family) => family.samples);
        const read = (name: string) =>
          new Map(samples.filter((sample) => sample.name === name).map(({ labels, value }) => [labels.node, value]));
        expect(read('calls_total')).to.deep.equal(counts);
        expect(read('active')).to.deep.equal(levels);
      }),
    );
  });

  it('omits info metrics that no thread shows', () => {
    const gatherer = new Gatherer();
    const [main, thread] = [startThread(), startThread()];
    gatherer.add(0, main.buffer);
    gatherer.add(1, thread.buffer);
    for (const { info } of [main, thread]) info.series('1');
    expect(sampleValue(textOf(gatherer), 'build_info', { version: '1' })).to.equal(undefined);
    thread.info.series('1').show();
    expect(sampleValue(textOf(gatherer), 'build_info', { version: '1' })).to.equal(1);
  });

  it('keeps the order of series, and uses the earliest creation time of each', () => {
    const gatherer = new Gatherer();
    const [main, thread] = [startThread(), startThread()];
    gatherer.add(0, main.buffer);
    gatherer.add(1, thread.buffer);
    const nodes = Array.from({ length: 20 }, (_, index) => `node-${index}`);
    for (const node of nodes) main.calls.series(node).inc();
    const series = () => [...(gatherer.family('calls_total')?.series ?? [])];
    const created = series().map(({ createdSeconds }) => createdSeconds);
    for (const node of [...nodes].reverse()) thread.calls.series(node).inc();
    expect(series().map(({ labelValues }) => labelValues[0])).to.deep.equal(nodes);
    expect(series().map(({ createdSeconds }) => createdSeconds)).to.deep.equal(created);
    gatherer.retire(1);
    expect(series().map(({ createdSeconds }) => createdSeconds)).to.deep.equal(created);
  });

  it('returns the maximum of the remaining threads after the first thread has ended, even below zero', () => {
    const gatherer = new Gatherer();
    [-1, -7, -5].forEach((level, number) => {
      const meter = new Meter(new SharedRegistry());
      gatherer.add(number, meter.memory.segments[0]!.buffer);
      meter.create({ name: 'level', kind: 'gauge', help: 'Level.', aggregation: 'max' }).series().set(level);
    });
    expect(sampleValue(textOf(gatherer), 'level')).to.equal(-1);
    gatherer.retire(0);
    expect(sampleValue(textOf(gatherer), 'level')).to.equal(-5);
    gatherer.retire(2);
    expect(sampleValue(textOf(gatherer), 'level')).to.equal(-7);
  });

  it('omits series with buckets that differ from the first declaration', () => {
    const gatherer = new Gatherer();
    const [main, thread] = [startThread(), startThread([5])];
    main.wait.series().observe(1);
    thread.wait.series().observe(1);
    gatherer.add(0, main.buffer);
    gatherer.add(1, thread.buffer);
    expect(sampleValue(textOf(gatherer), 'wait_seconds_count')).to.equal(1);
  });

  it('never sums cells of different buckets, independent of which thread has a series first', () => {
    const gatherer = new Gatherer();
    const [main, thread] = [[1, 2], [5]].map((buckets, number) => {
      const meter = new Meter(new SharedRegistry());
      gatherer.add(number, meter.memory.segments[0]!.buffer);
      return meter.create({ name: 'wait_seconds', kind: 'histogram', help: 'Wait.', labels: ['node'], buckets });
    });
    thread?.series('a').observe(4);
    thread?.exemplify(thread.series('a'), 4, { traceId: '1'.repeat(32), spanId: '1'.repeat(16) });
    expect(sampleValue(textOf(gatherer), 'wait_seconds_count', { node: 'a' })).to.equal(undefined);
    main?.series('a').observe(1.5);
    expect(sampleValue(textOf(gatherer), 'wait_seconds_bucket', { node: 'a', le: '2' })).to.equal(1);
    expect(sampleValue(textOf(gatherer), 'wait_seconds_sum', { node: 'a' })).to.equal(1.5);
    expect(writeOpenMetrics(gatherer.families())).not.to.contain('trace_id');
  });

  it('keeps the series of the leader if a thread with other buckets ends before the first reading', () => {
    const gatherer = new Gatherer();
    const [main, thread] = [startThread([1, 2]), startThread([5])];
    main.wait.series().observe(1);
    thread.wait.series().observe(1);
    gatherer.add(0, main.buffer);
    gatherer.add(1, thread.buffer);
    gatherer.retire(1);
    expect(sampleValue(textOf(gatherer), 'wait_seconds_bucket', { le: '2' })).to.equal(1);
  });

  it('returns hidden metrics if it has no leader', () => {
    const gatherer = new Gatherer({ hasLeader: false });
    const thread = startThread();
    gatherer.add(1, thread.buffer);
    thread.calls.series('a').inc();
    thread.meter.registry.clear();
    expect(sampleValue(textOf(gatherer), 'calls_total', { node: 'a' })).to.equal(1);
  });

  it('uses the last reset time as the creation time, also of an ended thread', async () => {
    const gatherer = new Gatherer();
    const [main, thread] = [startThread(), startThread()];
    gatherer.add(0, main.buffer);
    gatherer.add(1, thread.buffer);
    const created = (name: string) => {
      const text = writeOpenMetrics(gatherer.families(), { created: true });
      return Number(text.match(new RegExp(`^${name}_created\\S* (\\S+)$`, 'm'))?.[1]);
    };
    const wait = () => new Promise((resolve) => setTimeout(resolve, 5));
    for (const { calls } of [main, thread]) calls.series('a').inc(5);
    main.wait.series().observe(1);
    const made = created('calls');
    const waitMade = created('wait_seconds');
    await wait();
    main.meter.registry.resetMetrics();
    const reset = created('calls');
    expect(reset).to.be.greaterThan(made);
    expect(created('wait_seconds')).to.be.greaterThan(waitMade);
    await wait();
    thread.meter.registry.resetMetrics();
    const again = created('calls');
    expect(again).to.be.greaterThan(reset);
    gatherer.retire(1);
    expect(created('calls')).to.equal(again);
    await wait();
    main.calls.series('a').inc();
    expect(created('calls')).to.equal(again);
    main.meter.registry.resetMetrics();
    expect(created('calls')).to.be.greaterThan(again);
  });

  it('uses buckets that were configured before the first observation', () => {
    const { buffer, meter, wait } = startThread();
    const gatherer = new Gatherer();
    gatherer.add(0, buffer);
    meter.configure({ buckets: { wait_seconds: [10, 20] } });
    wait.series().observe(15);
    expect(sampleValue(textOf(gatherer), 'wait_seconds_bucket', { le: '20' })).to.equal(1);
  });

  it('returns the metrics of the registry with its default labels', () => {
    const { buffer, meter, calls } = startThread();
    const gatherer = new Gatherer();
    gatherer.add(0, buffer);
    calls.series('a').inc();
    const registry = meter.registry as SharedRegistry;
    registry.setDefaultLabels({ region: 'eu' });
    expect(sampleValue(textOf(gatherer), 'calls_total', { node: 'a', region: 'eu' })).to.equal(1);
    registry.removeSingleMetric('calls_total');
    expect(textOf(gatherer)).not.to.contain('calls_total');
    registry.registerMetric(calls as never);
    expect(textOf(gatherer)).to.contain('calls_total');
    registry.clear();
    expect(textOf(gatherer)).to.equal('');
  });

  it('keeps totals of several threads finite', () => {
    const gatherer = new Gatherer();
    const threads = [startThread(), startThread(), startThread()];
    threads.forEach(({ buffer, calls, wait }, number) => {
      gatherer.add(number, buffer);
      calls.series('a').inc(1.7e308);
      wait.series().observe(1.7e308);
    });
    for (let ended = 0; ended < 3; ended++) {
      expect(sampleValue(textOf(gatherer), 'calls_total', { node: 'a' })).to.equal(Number.MAX_VALUE);
      expect(sampleValue(textOf(gatherer), 'wait_seconds_sum', {})).to.equal(Number.MAX_VALUE);
      gatherer.retire(ended);
    }
  });
});
