import { expect } from 'chai';
import fc from 'fast-check';
import { Counter as PromClientCounter, Registry } from 'prom-client';
import {
  InvalidDescriptorError,
  MetricClashError,
  MetricsConfigurationError,
} from '../../../lib/core/errors/errors.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import type { MeterConfiguration } from '../../../lib/core/metrics/meter-configuration.js';
import { writeText } from '../../support/instrument-text.js';
import { parseText, sampleValue } from '../../support/parse-text.js';
import { SeriesModel, samplesByKey } from '../../support/series-model.js';

describe('Meter', () => {
  let registry: Registry;
  let meter: Meter;

  beforeEach(() => {
    registry = new Registry();
    meter = new Meter(registry);
  });

  const createHistogram = () =>
    meter.create({
      name: 'wait_seconds',
      help: 'Wait.',
      kind: 'histogram',
      labels: ['queue'] as const,
      buckets: [1, 2],
    });
  const createCounter = () =>
    meter.create({ name: 'calls_total', help: 'Calls.', kind: 'counter', labels: ['of'] as const });

  describe('create', () => {
    it('registers the instrument', () => {
      const counter = createCounter();
      expect(registry.getSingleMetric('calls_total')).to.equal(counter);
    });

    it('rejects a name that is taken, and registers nothing', () => {
      const theirs = new PromClientCounter({ name: 'calls_total', help: 'Theirs.', registers: [registry] });
      expect(createCounter).to.throw(MetricClashError, 'calls_total').with.property('metric', 'calls_total');
      expect(registry.getMetricsAsArray()).to.deep.equal([theirs]);
    });

    it('rejects an invalid declaration, and registers nothing', () => {
      expect(() => meter.create({ name: 'no name', help: '', kind: 'gauge' })).to.throw(InvalidDescriptorError);
      expect(registry.getMetricsAsArray()).to.deep.equal([]);
    });
  });

  describe('onFirstRead', () => {
    it('waits for the first read, and then calls at once', async () => {
      const counter = createCounter();
      meter.onFirstRead(() => counter.series('bound'));
      expect(counter.allSeries).to.have.length(0);
      expect(sampleValue(await registry.metrics(), 'calls_total', { of: 'bound' })).to.equal(0);
      meter.onFirstRead(() => counter.series('late'));
      expect(counter.allSeries).to.have.length(2);
      await registry.metrics();
      expect(counter.allSeries).to.have.length(2);
    });

    it('runs before the read, whichever metric is read first', async () => {
      const [first, last] = [createCounter(), createHistogram()];
      meter.onFirstRead(() => first.series('bound'));
      meter.onFirstRead(() => last.series('bound'));
      const text = await registry.getSingleMetricAsString('calls_total');
      expect(sampleValue(`${text}\n`, 'calls_total', { of: 'bound' })).to.equal(0);
      expect(last.allSeries).to.have.length(1);
    });
  });

  it('limits the number of functions that are postponed to the first read', () => {
    const counter = createCounter();
    const bind = () => counter.series('bound');
    for (let time = 0; time < 10_000; time++) meter.onFirstRead(bind);
    expect(counter.allSeries).to.have.length(0);
    meter.onFirstRead(bind);
    expect(counter.allSeries).to.have.length(1);
    meter.onFirstRead(() => counter.series('late'));
    expect(counter.allSeries).to.have.length(2);
  });

  it('exposes a metric without labels from the first read, and one with labels from its first use', async () => {
    meter.create({ name: 'level', help: 'Level.', kind: 'gauge' });
    createCounter();
    const samples = parseText(await registry.metrics()).flatMap((family) => family.samples);
    expect(samples).to.deep.equal([{ name: 'level', labels: {}, value: 0 }]);
  });

  it('rejects a name that it has used before', () => {
    meter.requireUnusedName('calls_total');
    createCounter();
    expect(() => meter.requireUnusedName('calls_total')).to.throw(MetricClashError);
  });

  describe('configure', () => {
    it('sets other buckets of a histogram', async () => {
      const histogram = createHistogram();
      meter.configure({ buckets: { wait_seconds: [0.5] } });
      histogram.series('a').observe(0.7);
      const text = await registry.metrics();
      expect(parseText(text)[0]?.samples.map(({ labels, value }) => [labels.le, value])).to.deep.equal([
        ...[
          ['0.5', 0],
          ['+Inf', 1],
          [undefined, 0.7],
          [undefined, 1],
        ],
      ]);
    });

    it('sets other buckets of a histogram, and changes nothing else', () => {
      const declared = { name: 'size_bytes', help: 'Size.', kind: 'histogram', unit: 'bytes', buckets: [1] } as const;
      const [sized, plain] = [meter.create(declared), createHistogram()];
      const before = [sized.descriptor, plain.descriptor];
      meter.configure({ buckets: { size_bytes: [2], wait_seconds: [2] } });
      expect([sized.descriptor, plain.descriptor]).to.deep.equal(before.map((one) => ({ ...one, buckets: [2] })));
    });

    it('excludes metrics, which are then neither recorded nor exposed', async () => {
      const [histogram, counter] = [createHistogram(), createCounter()];
      const gauge = meter.create({ name: 'level', help: 'Level.', kind: 'gauge' });
      const info = meter.create({ name: 'build_info', help: 'Build.', kind: 'info', labels: ['version'] as const });
      meter.configure({ exclude: ['wait_seconds', 'calls_total', 'level', 'build_info'] });
      histogram.series('a').observe(1);
      histogram.series('a').observe(Number.NaN);
      histogram.series('a').record(1);
      counter.series('a').inc();
      counter.series('a').increment();
      gauge.series().inc();
      gauge.series().dec();
      gauge.series().increment();
      gauge.series().decrement();
      gauge.series().set(4);
      info.series('1').show();
      for (const instrument of [histogram, counter, gauge, info]) {
        expect(instrument.excluded).to.equal(true);
        expect(instrument.allSeries).to.deep.equal([]);
        instrument.reset();
      }
      expect(parseText(await registry.metrics())).to.deep.equal([]);
      expect(registry.getMetricsAsArray()).to.deep.equal([]);
    });

    it('limits the series of every metric from then on', () => {
      const counter = createCounter();
      expect(meter.maxSeriesPerMetric).to.equal(1_000);
      meter.configure({ maxSeriesPerMetric: 1 });
      for (const name of ['a', 'b', 'c']) counter.series(name).inc();
      expect(counter.labelledSeries().map(({ labelValues }) => labelValues)).to.deep.equal([['a'], ['other']]);
    });

    it('changes only the named metrics', () => {
      meter.configure({ maxSeriesPerMetric: 5 });
      meter.configure({});
      meter.configure({ exclude: [], buckets: {} });
      expect(meter.maxSeriesPerMetric).to.equal(5);
    });

    const invalid: readonly (readonly [title: string, wrong: MeterConfiguration, message: RegExp])[] = [
      ['a limit of 0', { maxSeriesPerMetric: 0 }, /^maxSeriesPerMetric is 0; expected a whole number from 1\.$/],
      ['an unknown option', { maxSeries: 5 } as never, /^Unknown option "maxSeries"; .+\.$/],
      [
        'buckets of no metric',
        { buckets: { waiting: [1] } },
        /^buckets contains "waiting"; expected the name of a TinyLLM metric\.$/,
      ],
      ['buckets of a counter', { buckets: { calls_total: [1] } }, /^calls_total is a counter; only histograms.+\.$/],
      ['buckets out of order', { buckets: { wait_seconds: [2, 1] } }, /"wait_seconds" has .+ out of order: 2, 1.+\.$/],
      ['no buckets', { buckets: { wait_seconds: [] } }, /"wait_seconds" has 0 buckets.+\.$/],
      [
        'buckets of a used metric',
        { buckets: { used_seconds: [1] } },
        /^buckets contains used_seconds, .+ already .+\.$/,
      ],
      [
        'an unknown exclusion',
        { exclude: ['nothing'] },
        /^exclude contains "nothing"; expected the name of a TinyLLM metric\.$/,
      ],
      [
        'an exclusion of a used metric',
        { exclude: ['used_seconds'] },
        /^exclude contains used_seconds, .+ already .+\.$/,
      ],
    ];
    for (const [title, wrong, message] of invalid) {
      it(`rejects ${title} together with the rest of the configuration`, async () => {
        createHistogram();
        createCounter();
        const used = meter.create({ name: 'used_seconds', help: 'Used.', kind: 'histogram', buckets: [5] });
        used.series().observe(1);
        const other = { help: 'Other.', labels: ['of'] } as const;
        const otherHistogram = meter.create({ ...other, name: 'other_seconds', kind: 'histogram', buckets: [4] });
        const otherCounter = meter.create({ ...other, name: 'other_total', kind: 'counter' });
        const configuration = {
          ...{ maxSeriesPerMetric: 3, ...wrong },
          buckets: { other_seconds: [9], ...wrong.buckets },
          exclude: ['other_total', ...(wrong.exclude ?? [])],
        };
        const error = wrong.buckets?.wait_seconds === undefined ? MetricsConfigurationError : InvalidDescriptorError;
        expect(() => meter.configure(configuration)).to.throw(error, message);
        expect(meter.maxSeriesPerMetric).to.equal(1_000);
        expect(otherHistogram.descriptor.buckets).to.deep.equal([4]);
        expect(otherCounter.excluded).to.equal(false);
        expect(parseText(await registry.metrics())).to.have.length(5);
      });
    }

    it('rejects buckets and exclusions of metrics that have been scraped', async () => {
      meter.create({ name: 'size_bytes', help: 'Size.', kind: 'histogram', buckets: [1] });
      await registry.metrics();
      expect(() => meter.configure({ buckets: { size_bytes: [2] } })).to.throw(MetricsConfigurationError, 'size_bytes');
      expect(() => meter.configure({ exclude: ['size_bytes'] })).to.throw(MetricsConfigurationError, 'size_bytes');
    });
  });

  it('has the same values as a simple model after any sequence of writes to any series, also above the limit', async () => {
    const name = fc.constantFrom('a', 'b', 'c', 'other', 'd,e', 'd');
    const amount = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const step = fc.record({
      write: fc.constantFrom('count', 'inc', 'dec', 'set', 'observe'),
      a: name,
      b: name,
      amount,
    });
    const runs = fc.record({ cap: fc.integer({ min: 1, max: 8 }), steps: fc.array(step, { maxLength: 60 }) });
    await fc.assert(
      fc.asyncProperty(runs, async ({ cap, steps }) => {
        registry = new Registry();
        let folded = 0;
        meter = new Meter(registry, { onOverflow: () => folded++ });
        meter.configure({ maxSeriesPerMetric: cap });
        const labels = ['a', 'b'] as const;
        const counter = meter.create({ name: 'm_total', help: 'M.', kind: 'counter', labels });
        const gauge = meter.create({ name: 'm', help: 'M.', kind: 'gauge', labels });
        const histogram = meter.create({ name: 'm_bytes', help: 'M.', kind: 'histogram', labels, buckets: [0, 10] });
        const [counted, levels, observed] = [new SeriesModel(cap), new SeriesModel(cap), new SeriesModel(cap)];
        for (const { write, a, b, amount } of steps) {
          if (write === 'count') {
            counter.series(a, b).inc(Math.abs(amount));
            counted.at(a, b).push(Math.abs(amount));
          } else if (write === 'observe') {
            histogram.series(a, b).observe(amount);
            observed.at(a, b).push(amount);
          } else {
            gauge.series(a, b)[write](amount);
            const past = levels.at(a, b);
            const level = past.at(-1) ?? 0;
            past.push(write === 'set' ? amount : write === 'inc' ? level + amount : level - amount);
          }
        }
        const expected = new Map([
          ...counted.counterSamples('m_total'),
          ...levels.gaugeSamples('m'),
          ...observed.histogramSamples('m_bytes', [0, 10]),
        ]);
        for (const text of [writeText([counter, gauge, histogram]), await registry.metrics()]) {
          expect(samplesByKey(text)).to.deep.equal(expected);
        }
        for (const { allSeries } of [counter, gauge, histogram]) expect(allSeries.length).to.be.at.most(cap + 1);
        expect(folded).to.equal(counted.folded + levels.folded + observed.folded);
      }),
    );
  });
});
