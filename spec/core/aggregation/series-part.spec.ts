import { expect } from 'chai';
import fc from 'fast-check';
import { Gatherer } from '../../../lib/core/aggregation/gatherer.js';
import { ThreadSegments } from '../../../lib/core/aggregation/thread-segments.js';
import type { Family } from '../../../lib/core/formats/family.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { nativeCount } from '../../../lib/core/metrics/native/merge-native.js';
import type { NativeHistogram } from '../../../lib/core/metrics/native/native-histogram.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { ReplayedWorker } from '../../support/custom-metrics/replayed-worker.js';
import { countsIn, countsOf } from '../../support/native-model.js';

const settings = { schema: 3, maxBuckets: 20, zeroThreshold: 2 ** -128 };

function startThread(maxSegmentBytes?: number) {
  const registry = new SharedRegistry();
  const meter = new Meter(registry, { maxSegmentBytes });
  const wait = meter.create({
    ...{ name: 'wait_seconds', kind: 'histogram', help: 'Wait.', labels: ['node'], buckets: [1, 2] },
    native: settings,
  } as const);
  return { registry, wait, buffers: () => meter.memory.segments.map(({ buffer }) => buffer) };
}

function nativeIn(families: readonly Family[], node = 'a'): NativeHistogram | undefined {
  const family = families.find(({ descriptor }) => descriptor.name === 'wait_seconds');
  for (const series of family?.series ?? []) if (series.labelText === `node="${node}"`) return series.native?.();
  return undefined;
}

describe('native histograms of several threads', () => {
  const finite = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 40 });

  it('are summed at the coarsest resolution, also after threads have ended', () => {
    const threads = fc.array(fc.record({ before: finite, after: finite, hasEnded: fc.boolean() }), {
      ...{ minLength: 1, maxLength: 4 },
    });
    const segments = new ThreadSegments();
    let count = 0;
    fc.assert(
      fc.property(threads, (all) => {
        const [early, late] = [new Gatherer(), new Gatherer()];
        const leader = startThread();
        const node = `run ${count}`;
        const first = count + 1;
        count += all.length;
        for (const gatherer of [early, late]) gatherer.add(0, leader.buffers()[0]!);
        segments.follow(early);
        leader.wait.series(node).observe(3);
        all.forEach(({ before, after, hasEnded }, index) => {
          const { wait, buffers } = startThread();
          segments.add(first + index, buffers()[0]!);
          for (const value of before) wait.series(node).observe(value);
          early.families();
          for (const value of after) wait.series(node).observe(value);
          if (hasEnded) segments.retire(first + index);
        });
        segments.follow(late);
        const values = [3, ...all.flatMap(({ before, after }) => [...before, ...after])];
        for (const gatherer of [early, late]) {
          const native = nativeIn(gatherer.families(), node)!;
          expect(countsIn(native)).to.deep.equal(countsOf(values, native.schema));
          segments.unfollow(gatherer);
        }
        all.forEach((_, index) => {
          segments.retire(first + index);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('are complete in the primary of a cluster, also after a reset and a removal', () => {
    const { registry, wait } = startThread();
    const worker = new ReplayedWorker(registry);
    const values: number[] = [];
    const record = (value: number): void => {
      values.push(value);
      wait.series('a').observe(value);
    };
    for (let step = 1; step <= 200; step++) {
      record(1.7 ** (step % 40));
      record(-step);
      record(0);
      if (step % 7 === 0) worker.report();
    }
    worker.report();
    const native = nativeIn(worker.families)!;
    expect(native.schema).to.be.below(3);
    expect(countsIn(native)).to.deep.equal(countsOf(values, native.schema));
    wait.reset();
    wait.series('a').observe(5);
    worker.report();
    expect(countsIn(nativeIn(worker.families)!)).to.deep.equal(countsOf([5], 3));
  });

  it('are read from several segments of a thread', () => {
    const { wait, buffers } = startThread(2 ** 17);
    for (let node = 0; node < 900; node++) {
      for (let value = 1; value < 200; value *= 1.5) wait.series(String(node)).observe(value);
    }
    expect(buffers().length).to.be.above(2);
    const gatherer = new Gatherer();
    buffers().forEach((buffer, index) => {
      gatherer.add(0, buffer, index);
    });
    const values = Array.from({ length: 14 }, (_, power) => 1.5 ** power);
    for (const node of [0, 450, 899]) {
      expect(countsIn(nativeIn(gatherer.families(), String(node))!)).to.deep.equal(countsOf(values, 3));
    }
  });

  it('have no value while a segment of the thread is unknown, instead of a lower one', () => {
    const { wait, buffers } = startThread(2 ** 17);
    wait.series('a').observe(1);
    for (let node = 0; node < 900; node++)
      for (let value = 1; value < 1e9; value *= 1.5) wait.series('a').observe(value);
    for (let node = 0; node < 900; node++)
      for (let value = 1; value < 200; value *= 1.5) wait.series(`b${node}`).observe(value);
    for (let value = 1e-9; value < 1; value *= 1.5) wait.series('a').observe(value);
    const gatherer = new Gatherer();
    gatherer.add(0, buffers()[0]!);
    expect(nativeIn(gatherer.families())).to.equal(undefined);
    buffers().forEach((buffer, index) => {
      gatherer.add(0, buffer, index);
    });
    const [series] = [...gatherer.families()[0]!.series];
    const classic = [0, 1, 2].reduce((sum, index) => sum + series!.cell(index), 0);
    expect(nativeCount(nativeIn(gatherer.families())!)).to.equal(classic);
  });

  it('of different settings are different metrics, of which only that of the registry is visible', () => {
    const leader = startThread();
    const other = new Meter(new SharedRegistry());
    const wait = other.create({
      ...{ name: 'wait_seconds', kind: 'histogram', help: 'Wait.', labels: ['node'], buckets: [1, 2] },
    } as const);
    leader.wait.series('a').observe(1);
    wait.series('a').observe(1);
    const gatherer = new Gatherer();
    gatherer.add(0, leader.buffers()[0]!);
    gatherer.add(1, other.memory.segments[0]!.buffer);
    expect(nativeCount(nativeIn(gatherer.families())!)).to.equal(1);
  });
});
