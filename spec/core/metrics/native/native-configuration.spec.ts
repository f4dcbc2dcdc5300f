import { expect } from 'chai';
import { Gatherer } from '../../../../lib/core/aggregation/gatherer.js';
import { MetricsCollector } from '../../../../lib/core/collector/collector.js';
import { InvalidDescriptorError, MetricsConfigurationError } from '../../../../lib/core/errors/errors.js';
import { Histogram, type HistogramConfiguration } from '../../../../lib/core/metrics/custom/histogram.js';
import type { NativeHistogram } from '../../../../lib/core/metrics/native/native-histogram.js';
import { exemplarsPerSeries } from '../../../../lib/core/metrics/series.js';
import { SharedRegistry } from '../../../../lib/core/metrics/shared-registry.js';
import { countsIn, countsOf } from '../../../support/native-model.js';

/** A registry and a function that reads the native histograms of a metric in it, by label text. */
function setUp() {
  const registry = new SharedRegistry();
  const collector = new MetricsCollector(registry);
  const gatherer = new Gatherer();
  registry.followMemory((memory, position) => {
    memory.follow(({ buffer }, index) => gatherer.add(-position, buffer, index));
  });
  const read = (name: string): Record<string, NativeHistogram | undefined> => {
    const family = gatherer.families().find(({ descriptor }) => descriptor.name === name);
    return Object.fromEntries([...(family?.series ?? [])].map((one) => [one.labelText, one.native?.()]));
  };
  /** The values of the exemplars of the first series. */
  const exemplars = (name: string): number[] => {
    const family = gatherer.families().find(({ descriptor }) => descriptor.name === name);
    const [series] = [...(family?.series ?? [])];
    const indexes = Array.from({ length: exemplarsPerSeries(family!.descriptor) }, (_, index) => index);
    return indexes.flatMap((index) => series?.exemplar(index)?.value ?? []);
  };
  return { registry, collector, read, exemplars };
}

const create = (registry: SharedRegistry, options: Partial<HistogramConfiguration<'queue'>> = {}): Histogram<'queue'> =>
  new Histogram({ name: 'wait_seconds', help: 'Wait.', labelNames: ['queue'], registers: [registry], ...options });

describe('Histogram, with nativeHistograms', () => {
  it('records native histograms in addition to the buckets', async () => {
    const { registry, read } = setUp();
    const wait = create(registry, { buckets: [1], nativeHistograms: { factor: 2, zeroThreshold: 0.01 } });
    const values = [0.005, 0, 0.5, 1, 1.5, -3, 100];
    for (const value of values) wait.observe({ queue: 'a' }, value);
    wait.labels('b').observe(7);
    const { 'queue="a"': a, 'queue="b"': b } = read('wait_seconds');
    expect(countsIn(a!)).to.deep.equal(countsOf(values, 0, 0.01));
    expect(countsIn(b!)).to.deep.equal({ '+3': 1 });
    expect((await wait.get()).values).to.have.length(8);
  });

  it('has only native buckets with an empty list of buckets', () => {
    const { registry, read } = setUp();
    const wait = create(registry, { buckets: [], nativeHistograms: true });
    wait.observe({ queue: 'a' }, 1.5);
    expect(countsIn(read('wait_seconds')['queue="a"']!)).to.deep.equal({ '+5': 1 });
  });

  it('keeps up to 10 exemplars of different powers of 2 if it only has native buckets', () => {
    const { registry, read, exemplars } = setUp();
    registry.setContentType('application/openmetrics-text; version=1.0.0; charset=utf-8' as never);
    const wait = create(registry, { buckets: [], nativeHistograms: true, enableExemplars: true });
    for (const value of [0, 0.01, 0.3, 0.4, 3, -3, 5, 1000]) {
      wait.observe({ labels: { queue: 'a' }, value, exemplarLabels: { id: String(value) } });
    }
    expect(countsIn(read('wait_seconds')['queue="a"']!)).to.have.property('zero', 1);
    expect(exemplars('wait_seconds')).to.have.members([0, 0.01, 0.4, -3, 5, 1000]);
  });

  it('is not native by default', () => {
    const { registry, read } = setUp();
    create(registry).observe({ queue: 'a' }, 1);
    expect(read('wait_seconds')).to.deep.equal({ 'queue="a"': undefined });
  });

  it('has no observations after `reset`, `zero` and `remove`, and records later ones', () => {
    const { registry, read } = setUp();
    const wait = create(registry, { nativeHistograms: true });
    const bound = wait.labels('a');
    for (let step = 0; step < 3; step++) {
      for (const action of [
        () => wait.reset(),
        () => wait.zero({ queue: 'a' }),
        () => wait.remove('a'),
        () => {
          wait.remove({ queue: 'a' });
          wait.observe({ queue: 'a' }, 3);
          wait.reset();
        },
      ]) {
        for (let value = 1; value < 1_000; value *= 1.3) bound.observe(value);
        action();
        bound.observe(1.5);
        bound.observe(-1.5);
        expect(countsIn(read('wait_seconds')['queue="a"']!)).to.deep.equal({ '+5': 1, '-5': 1 });
        wait.reset();
      }
    }
  });

  it('keeps its observations if it moves to another registry', () => {
    const [one, other] = [setUp(), setUp()];
    const wait = create(one.registry, { nativeHistograms: { maxBuckets: 8 } });
    const values: number[] = [];
    const observe = (value: number): void => {
      values.push(value);
      wait.observe({ queue: 'a' }, value);
    };
    for (let value = 1; value < 1e6; value *= 2) observe(value);
    other.registry.registerMetric(wait as never);
    one.registry.removeSingleMetric('wait_seconds');
    for (let value = 1; value < 1e9; value *= 2) observe(-value);
    const native = other.read('wait_seconds')['queue="a"']!;
    expect(native.schema).to.be.below(3);
    expect(countsIn(native)).to.deep.equal(countsOf(values, native.schema));
    expect(one.read('wait_seconds')).to.deep.equal({});
  });

  it('rejects invalid options with the value and the expected values', () => {
    const { registry } = setUp();
    for (const [nativeHistograms, message] of [
      [{ factor: 1 }, 'nativeHistograms.factor is 1; expected a finite number above 1, such as 1.1.'],
      [{ factor: Number.NaN }, 'nativeHistograms.factor is NaN; expected a finite number above 1'],
      [{ maxBuckets: 7 }, 'nativeHistograms.maxBuckets is 7; expected a whole number from 8'],
      [{ maxBuckets: 8.5 }, 'nativeHistograms.maxBuckets is 8.5; expected a whole number from 8'],
      [{ zeroThreshold: -1 }, 'nativeHistograms.zeroThreshold is -1; expected a finite number from 0'],
      [{ zeroThreshold: Number.POSITIVE_INFINITY }, 'nativeHistograms.zeroThreshold is Infinity; expected a finite'],
      [{ factor: '1.5' }, 'nativeHistograms.factor is "1.5"; expected a finite number above 1'],
      [{ zeroThreshold: '1' }, 'nativeHistograms.zeroThreshold is "1"; expected a finite number from 0'],
      [{ factors: 2 }, 'nativeHistograms.factors is an unknown option; expected factor, maxBuckets or zeroThreshold'],
      ['yes', 'nativeHistograms is "yes"; expected true, false or an object'],
      [[], 'nativeHistograms is a list; expected true, false or an object'],
    ] as const) {
      expect(() => create(registry, { nativeHistograms: nativeHistograms as never }))
        .to.throw(InvalidDescriptorError)
        .with.property('message')
        .that.includes(`Metric "wait_seconds": the option ${message}`);
    }
    expect(registry.getSingleMetric('wait_seconds')).to.equal(undefined);
  });

  it('rejects NaN and infinite observations, and counts nothing then', () => {
    const { registry, read } = setUp();
    const wait = create(registry, { nativeHistograms: true });
    wait.observe({ queue: 'a' }, 1.5);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => wait.observe({ queue: 'a' }, value)).to.throw(TypeError, `Value is not a valid number: ${value}`);
      expect(() => wait.labels('a').observe(value)).to.throw(TypeError, `Value is not a valid number: ${value}`);
    }
    expect(countsIn(read('wait_seconds')['queue="a"']!)).to.deep.equal({ '+5': 1 });
  });
});

describe('nativeHistograms of the configuration', () => {
  const duration = 'tinyllm_queue_wait_time_seconds';

  it('makes all histograms native, or some of them', () => {
    for (const [nativeHistograms, schemas] of [
      [true, [3, 3]],
      [{ factor: 4 }, [-1, -1]],
      [{ wait_seconds: true }, [3, undefined]],
      [{ default: { factor: 2 }, wait_seconds: false }, [undefined, 0]],
      [{ factor: 2, wait_seconds: { factor: 4 } }, [-1, 0]],
      [{}, [3, 3]],
      [{ [duration]: { maxBuckets: 10 } }, [undefined, 3]],
      [false, [undefined, undefined]],
    ] as const) {
      const { registry, collector, read } = setUp();
      // The first histogram exists before the configuration, the second one is created later.
      const wait = create(registry);
      collector.meter.configure({ nativeHistograms });
      wait.observe({ queue: 'a' }, 1);
      collector.recordQueueWaitTime({ waitSeconds: 1 });
      const all = [read('wait_seconds')['queue="a"'], read(duration)['priority="normal"']];
      expect(all.map((native) => native?.schema)).to.deep.equal(schemas);
    }
  });

  it('does not change a histogram with its own option', () => {
    const { registry, collector, read } = setUp();
    const wait = create(registry, { nativeHistograms: { factor: 2 } });
    const other = create(registry, { name: 'other_seconds', nativeHistograms: false });
    collector.meter.configure({ nativeHistograms: true });
    for (const histogram of [wait, other]) histogram.observe({ queue: 'a' }, 1);
    expect(read('wait_seconds')['queue="a"']?.schema).to.equal(0);
    expect(read('other_seconds')['queue="a"']).to.equal(undefined);
  });

  it('is rejected completely if a histogram already has observations', () => {
    const { registry, collector, read } = setUp();
    const wait = create(registry, { labelNames: [] });
    collector.meter.configure({ nativeHistograms: true });
    wait.observe(1);
    for (const nativeHistograms of [false, { factor: 2 }, { default: false }]) {
      expect(() => collector.meter.configure({ nativeHistograms, enabled: false })).to.throw(
        MetricsConfigurationError,
        "nativeHistograms can't be changed, because wait_seconds already has observations; configure metrics before",
      );
    }
    expect(collector.meter.isEnabled).to.equal(true);
    expect(countsIn(read('wait_seconds')['']!)).to.deep.equal({ '+0': 1 });
    collector.meter.configure({ nativeHistograms: true });
    collector.recordQueueWaitTime({ waitSeconds: 1 });
    expect(() => collector.meter.configure({ nativeHistograms: { wait_seconds: true } })).to.throw(
      MetricsConfigurationError,
      `nativeHistograms can't be changed, because ${duration} is already in use`,
    );
  });

  it('rejects unknown names, other kinds of metrics and the metric of several threads', () => {
    const { collector } = setUp();
    for (const [nativeHistograms, message] of [
      [
        { wait: true },
        'nativeHistograms contains "wait"; expected the name of a histogram in the registry, or default.',
      ],
      [{ tinyllm_requests_total: true }, 'nativeHistograms contains "tinyllm_requests_total"; expected the name of a'],
      [{ tinyllm_scrape_duration_seconds: true }, "tinyllm_scrape_duration_seconds, which can't be native, because"],
      [{ [duration]: { factor: 0.5 } }, `nativeHistograms.${duration}.factor is 0.5; expected a finite number above 1`],
      [{ factor: 2, default: true }, 'nativeHistograms contains factor and default; put the options into default'],
      [
        { fator: 1.1 },
        'nativeHistograms contains "fator": 1.1; expected the options factor, maxBuckets and zeroThreshold',
      ],
      [null, 'nativeHistograms is null; expected true, false or an object'],
    ] as const) {
      expect(() => collector.meter.configure({ nativeHistograms: nativeHistograms as never })).to.throw(
        MetricsConfigurationError,
        message,
      );
    }
  });

  it('has no effect on histograms of a registry that is not the shared one, if they are created later', () => {
    const { registry, collector, read } = setUp();
    collector.meter.configure({ nativeHistograms: true });
    create(registry).observe({ queue: 'a' }, 1);
    expect(read('wait_seconds')['queue="a"']).to.equal(undefined);
  });
});
