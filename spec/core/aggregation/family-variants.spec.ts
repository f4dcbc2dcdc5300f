import { expect } from 'chai';
import { Gatherer } from '../../../lib/core/aggregation/gatherer.js';
import { ENDED_THREADS } from '../../../lib/core/aggregation/thread-numbers.js';
import { Gauge } from '../../../lib/core/metrics/custom/gauge.js';
import { Histogram } from '../../../lib/core/metrics/custom/histogram.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { ReusingRegistry, samplesOf } from '../../support/custom-metrics/reusing-registry.js';

describe('FamilyVariants', () => {
  /** Starts a thread with the histogram `wait_seconds`, and observes the value 1.5. */
  const startThread = (gatherer: Gatherer, thread: number, buckets: number[]) => {
    const own = new ReusingRegistry();
    own.memory.follow(({ buffer }, index) => gatherer.add(thread, buffer, index));
    const declare = (bounds: number[]) => {
      own.registry.clear();
      const wait = new Histogram({ name: 'wait_seconds', help: 'W.', buckets: bounds, registers: [own.registry] });
      wait.observe(1.5);
    };
    declare(buckets);
    return { declare, registry: own.registry };
  };
  const withBuckets = (buckets: Record<string, number>, count: number) => ({
    ...Object.fromEntries(Object.entries(buckets).map(([le, value]) => [`wait_seconds_bucket,le="${le}"`, value])),
    'wait_seconds_bucket,le="+Inf"': count,
    wait_seconds_sum: 1.5 * count,
    wait_seconds_count: count,
  });

  for (const end of ['runs', 'has ended']) {
    it(`use the new buckets of the main thread while a thread with the old ones ${end}`, () => {
      const gatherer = new Gatherer();
      const main = startThread(gatherer, 0, [1]);
      startThread(gatherer, 1, [1]);
      expect(samplesOf(gatherer)).to.deep.equal(withBuckets({ 1: 0 }, 2));
      if (end === 'has ended') gatherer.retire(1);
      main.declare([1, 2]);
      expect(samplesOf(gatherer)).to.deep.equal(withBuckets({ 1: 0, 2: 1 }, 1));
      startThread(gatherer, 2, [1, 2]);
      expect(samplesOf(gatherer)).to.deep.equal(withBuckets({ 1: 0, 2: 2 }, 2));
      main.declare([1]);
      expect(samplesOf(gatherer)).to.deep.equal(withBuckets({ 1: 0 }, 2));
    });
  }

  it('keep the series of a thread that had the new buckets first', () => {
    const gatherer = new Gatherer();
    const main = startThread(gatherer, 0, [1]);
    startThread(gatherer, 1, [1, 2]);
    expect(samplesOf(gatherer)).to.deep.equal(withBuckets({ 1: 0 }, 1));
    main.declare([1, 2]);
    expect(samplesOf(gatherer)).to.deep.equal(withBuckets({ 1: 0, 2: 2 }, 2));
  });

  it('use another kind of the main thread', () => {
    const gatherer = new Gatherer();
    const { registry } = startThread(gatherer, 0, [1]);
    startThread(gatherer, 1, [1]);
    gatherer.families();
    registry.clear();
    new Gauge({ name: 'wait_seconds', help: 'W.', registers: [registry] }).set(7);
    expect(samplesOf(gatherer)).to.deep.equal({ wait_seconds: 7 });
  });

  it('use the buckets of other threads if the main thread does not declare the metric', () => {
    const gatherer = new Gatherer();
    gatherer.add(0, new Meter(new SharedRegistry()).memory.segments[0]!.buffer);
    startThread(gatherer, 1, [1]);
    expect(samplesOf(gatherer)).to.deep.equal(withBuckets({ 1: 0 }, 1));
    startThread(gatherer, 2, [1, 2]);
    startThread(gatherer, 3, [1]);
    expect(samplesOf(gatherer)).to.deep.equal(withBuckets({ 1: 0 }, 2));
  });

  it('hide a metric that the main thread has removed, whatever other threads declare', () => {
    const gatherer = new Gatherer();
    const { registry } = startThread(gatherer, 0, [1]);
    startThread(gatherer, 1, [1, 2]);
    registry.clear();
    expect(samplesOf(gatherer)).to.deep.equal({});
  });

  it('show and hide metrics of every memory of a registry', () => {
    const own = new SharedRegistry();
    const level = new Gauge({ name: 'level', help: 'Level.', registers: [own] });
    level.set(1);
    const calls = new Meter(own).create({ name: 'calls_total', kind: 'counter', help: 'Calls.' });
    calls.series().inc(2);
    const gatherer = new Gatherer();
    own.followMemory((memory, position) => {
      memory.follow(({ buffer }, index) => gatherer.add(0 - position, buffer, index));
    });
    expect(samplesOf(gatherer)).to.deep.equal({ level: 1, calls_total: 2 });
    own.removeSingleMetric('calls_total');
    expect(samplesOf(gatherer)).to.deep.equal({ level: 1 });
    const other = new Gauge({ name: 'calls_total', help: 'Calls.', registers: [own] });
    other.set(5);
    expect(samplesOf(gatherer)).to.deep.equal({ level: 1, calls_total: 5 });
    own.clear();
    expect(samplesOf(gatherer)).to.deep.equal({});
    own.registerMetric(calls as never);
    expect(samplesOf(gatherer)).to.deep.equal({ calls_total: 2 });
  });

  it('do not let ended threads decide which metrics are visible', () => {
    const gatherer = new Gatherer();
    startThread(gatherer, 0, [1]);
    startThread(gatherer, ENDED_THREADS, [1, 2]);
    expect(samplesOf(gatherer)).to.deep.equal(withBuckets({ 1: 0 }, 1));
  });
});
