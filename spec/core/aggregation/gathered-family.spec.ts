import { expect } from 'chai';
import fc from 'fast-check';
import { Gatherer } from '../../../lib/core/aggregation/gatherer.js';
import { Counter } from '../../../lib/core/metrics/custom/counter.js';
import { Gauge } from '../../../lib/core/metrics/custom/gauge.js';
import { Histogram } from '../../../lib/core/metrics/custom/histogram.js';
import { ReusingRegistry } from '../../support/custom-metrics/reusing-registry.js';

/** Reads a metric, and calls a function after this many series. Returns the labels and the first cell of each series. */
function readWithPause(gatherer: Gatherer, name: string, pause: { after: number; run: () => void }): string[] {
  const read: string[] = [];
  for (const series of gatherer.family(name)?.series ?? []) {
    read.push(`${series.labelText} ${series.cell(0)}`);
    if (read.length === pause.after) pause.run();
    if (read.length > 100) throw new Error('The iteration does not end.');
  }
  return read;
}

describe('GatheredFamily, if series change during an iteration', () => {
  const setUp = () => {
    const { registry, gatherer } = new ReusingRegistry({ reuseMilliseconds: 60_000 });
    const facts = { name: 'level', help: 'Level.', registers: [registry] };
    const level = new Gauge({ ...facts, labelNames: ['node'] });
    const fill = (value: number, nodes = 10) => {
      for (let node = 0; node < nodes; node++) level.set({ node }, value);
    };
    const expected = (value: number, nodes = 10) =>
      Array.from({ length: nodes }, (_, node) => `node="${node}" ${value}`);
    return { registry, gatherer, facts, level, fill, expected };
  };

  it('returns each label set once if all series are removed and added again', () => {
    const { gatherer, level, fill, expected } = setUp();
    fill(1);
    const run = () => {
      for (let node = 0; node < 10; node++) level.remove({ node });
      fill(2);
      gatherer.families();
    };
    expect(readWithPause(gatherer, 'level', { after: 5, run })).to.deep.equal(expected(1));
    expect(readWithPause(gatherer, 'level', { after: 0, run })).to.deep.equal(expected(2));
  });

  it('returns each label set once if some series are removed and added again', () => {
    const { gatherer, level, fill, expected } = setUp();
    fill(1);
    const run = () => {
      for (const node of [1, 2, 7, 8]) {
        level.remove({ node });
        gatherer.families();
        level.set({ node }, 2);
      }
      gatherer.families();
    };
    const read = readWithPause(gatherer, 'level', { after: 5, run });
    expect(read).to.have.length(10);
    expect(read).to.have.members(expected(1));
  });

  it('returns each label set once if empty rows are compacted', () => {
    const { gatherer, level, fill, expected } = setUp();
    fill(1, 90);
    const run = () => {
      for (let node = 0; node < 80; node++) level.remove({ node });
      gatherer.families();
      gatherer.families();
      fill(2, 10);
      gatherer.families();
    };
    const read = readWithPause(gatherer, 'level', { after: 5, run });
    expect(read).to.have.length(90);
    expect(read).to.have.members(expected(1, 90));
  });

  it('returns only series with the labels of the start if the metric is registered with others', () => {
    const { registry, gatherer, facts, fill, expected } = setUp();
    fill(1);
    const run = () => {
      registry.removeSingleMetric('level');
      new Histogram({ ...facts, labelNames: ['a', 'b'], buckets: [1] }).observe({ a: 'x', b: 'y' }, 0.5);
      gatherer.families();
    };
    expect(readWithPause(gatherer, 'level', { after: 5, run })).to.deep.equal(expected(1));
    expect(readWithPause(gatherer, 'level', { after: 0, run })).to.deep.equal(['a="x",b="y" 1']);
  });

  it('does not return series that were added after the start', () => {
    const { gatherer, fill, expected } = setUp();
    fill(1);
    const run = () => {
      fill(1, 20);
      gatherer.families();
    };
    expect(readWithPause(gatherer, 'level', { after: 5, run })).to.deep.equal(expected(1));
    expect(readWithPause(gatherer, 'level', { after: 0, run })).to.deep.equal(expected(1, 20));
  });

  it('returns the label sets of the start once, for any changes of several threads', () => {
    const thread = fc.nat(2);
    const event = fc.oneof(
      { weight: 6, arbitrary: fc.record({ type: fc.constant('add'), thread, node: fc.nat(80) }) },
      { weight: 6, arbitrary: fc.record({ type: fc.constant('remove'), thread, node: fc.nat(80) }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('clear', 'fill', 'end'), thread }) },
      { weight: 4, arbitrary: fc.constantFrom({ type: 'read' }, { type: 'next' }) },
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200, size: 'max' }), (events) => {
        const gatherer = new Gatherer();
        let started = 0;
        const start = () => {
          const own = new ReusingRegistry({ reuseMilliseconds: 60_000 });
          const number = started++;
          own.memory.follow(({ buffer }, index) => gatherer.add(number, buffer, index));
          const options = { name: 'calls_total', help: 'Calls.', labelNames: ['node'], registers: [own.registry] };
          return { number, calls: new Counter(options) };
        };
        const threads = [start(), start(), start()];
        const nodes = Array.from({ length: 81 }, (_, node) => node);
        for (const node of nodes.slice(0, 70)) threads[0]!.calls.inc({ node });
        const series = () => [...gatherer.family('calls_total')!.series].map(({ labelText }) => labelText);
        const expected = series();
        const iteration = gatherer.family('calls_total')!.series[Symbol.iterator]();
        const read = [iteration.next().value.labelText];
        for (const one of events) {
          if (one.type === 'read') gatherer.families();
          if (one.type === 'next') {
            const { done, value } = iteration.next();
            if (done !== true) read.push(value.labelText);
          }
          if (!('thread' in one)) continue;
          const { calls, number } = threads[one.thread]!;
          if ('node' in one && one.type === 'add') calls.inc({ node: one.node });
          if ('node' in one && one.type === 'remove') calls.remove({ node: one.node });
          if (one.type === 'clear') for (const node of nodes) calls.remove({ node });
          if (one.type === 'fill') for (const node of nodes) calls.inc({ node });
          if (one.type === 'end' && one.thread > 0) {
            gatherer.retire(number);
            threads[one.thread] = start();
          }
        }
        for (let next = iteration.next(); next.done !== true; next = iteration.next()) read.push(next.value.labelText);
        expect([...read].sort()).to.deep.equal([...expected].sort());
        const now = series();
        expect(now).to.have.length(new Set(now).size);
      }),
    );
  });
});
