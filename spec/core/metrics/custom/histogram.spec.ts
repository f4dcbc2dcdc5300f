import { expect } from 'chai';
import type { Histogram as OriginalHistogram } from 'prom-client';
import { InvalidDescriptorError } from '../../../../lib/core/errors/errors.js';
import type { EndTimer } from '../../../../lib/core/metrics/custom/histogram.js';
import {
  createMetric,
  errorOf,
  expectSameAsPromClient,
  type Options,
  type Script,
} from '../../../support/custom-metrics/compare-metrics.js';

const labelNames = ['queue', 'zone'];
const buckets = [1, 2, 5];

/** Calls that have the same results in both packages, with their titles. */
const scripts: readonly (readonly [title: string, options: Options, script: Script<'Histogram'>])[] = [
  ['a histogram without labels and with the default buckets', {}, () => {}],
  ['a histogram with labels', { labelNames, aggregator: 'omit' }, () => {}],
  ['the reserved label `le`', { labelNames: ['a', 'le'] }, () => {}],
  [
    'a histogram without buckets',
    { buckets: [] },
    (histogram) => {
      histogram.observe(1);
    },
  ],
  [
    'values below, on and above the bounds',
    { buckets },
    (histogram) => {
      for (const value of [-1, 0, 1, 1.5, 2, 5, 5.5, Number.MAX_VALUE]) histogram.observe(value);
    },
  ],
  [
    'labels, some of them missing or numbers',
    { labelNames, buckets },
    (histogram) => {
      histogram.observe({ queue: 'a', zone: 1 }, 1);
      histogram.observe({ zone: '1', queue: 'a' }, 2);
      histogram.observe({ queue: 'a' }, 3);
      histogram.observe({}, 4);
      histogram.observe(5);
      histogram.observe(0);
      histogram.labels('a', '1').observe(6);
      histogram.labels({ zone: 7 }).observe(7);
    },
  ],
  [
    'values that are no finite numbers',
    { labelNames, buckets },
    (histogram, attempt) => {
      for (const value of [undefined, null, '', '5', {}, Number.NaN, Number.NEGATIVE_INFINITY, 5n, true] as never[]) {
        attempt(() => histogram.observe({ queue: 'a' }, value));
        attempt(() => histogram.labels('a', 'b').observe(value));
      }
      for (const value of [undefined, '5', 5n, true] as never[]) attempt(() => histogram.observe(value));
    },
  ],
  [
    'unknown labels and wrong numbers of values',
    { labelNames, buckets },
    (histogram, attempt) => {
      const unknown = { path: '/' };
      attempt(() => histogram.observe(unknown, 1));
      attempt(() => histogram.labels(unknown));
      attempt(() => histogram.remove(unknown));
      attempt(() => histogram.startTimer(unknown)());
      attempt(() => histogram.startTimer()(unknown));
      attempt(() => histogram.labels('a'));
      attempt(() => histogram.remove('a', 'b', 'c'));
    },
  ],
  [
    'zero',
    { labelNames, buckets },
    (histogram) => {
      histogram.zero({ queue: 'a' });
      histogram.zero({ queue: 'b', zone: 'c' });
      histogram.labels('b', 'c').observe(1);
      histogram.zero({ zone: 'd' });
      histogram.observe({ zone: 'd' }, 3);
      histogram.zero({ zone: 'd' });
    },
  ],
  [
    'zero without labels',
    { buckets },
    (histogram) => {
      histogram.observe(2);
      histogram.zero({});
    },
  ],
  [
    'removals and resets',
    { labelNames, buckets },
    (histogram) => {
      for (const queue of ['a', 'b', 'c']) histogram.observe({ queue, zone: 'z' }, 2);
      histogram.remove('a', 'z');
      histogram.remove({ queue: 'b' });
      histogram.observe({ queue: 'a', zone: 'z' }, 3);
    },
  ],
  [
    'a reset with labels',
    { labelNames, buckets },
    (histogram) => {
      histogram.observe({ queue: 'a' }, 2);
      histogram.reset();
    },
  ],
  [
    'a reset without labels',
    { buckets },
    async (histogram) => {
      histogram.observe(2);
      histogram.reset();
      expect((await histogram.get()).values).to.deep.equal([]);
      histogram.observe(3);
    },
  ],
  [
    'exemplars',
    { labelNames, buckets, enableExemplars: true },
    (histogram, attempt) => {
      histogram.observe({ labels: { queue: 'a' }, value: 2, exemplarLabels: { trace: 'a', part: 1 } });
      histogram.observe({ labels: { queue: 'a' }, value: 1.5, exemplarLabels: { trace: 'b' } });
      histogram.observe({ labels: { queue: 'a' }, value: 1.7 });
      histogram.observe({ value: 99, exemplarLabels: { trace: 'c' } });
      histogram.observe({ value: 0, exemplarLabels: {} });
      attempt(() => histogram.observe({ value: Number.NaN }));
      attempt(() => histogram.observe({ labels: { path: '/' } as never, value: 1 }));
      attempt(() => (histogram as unknown as { observe(): void }).observe());
    },
  ],
  [
    'exemplars of a removed series',
    { labelNames, buckets, enableExemplars: true },
    (histogram) => {
      const labels = { queue: 'a' };
      histogram.observe({ labels, value: 2, exemplarLabels: { trace: 'a' } });
      histogram.remove(labels);
      histogram.observe({ labels, value: 3 });
      histogram.observe({ value: 3, exemplarLabels: { trace: 'b' } });
      histogram.zero({});
    },
  ],
  [
    '`collect`',
    {
      buckets,
      async collect(this: OriginalHistogram) {
        await new Promise(setImmediate);
        this.observe(3);
      },
    },
    () => {},
  ],
];

describe('Histogram', () => {
  describe('equals the histogram of prom-client', () => {
    for (const [title, options, script] of scripts) {
      it(`with ${title}`, () => expectSameAsPromClient('Histogram', options, script));
    }
  });

  it('shows the value that is no number, where prom-client shows undefined', () => {
    const histogram = createMetric('Histogram', { buckets });
    for (const value of [null, '', Number.NaN, false] as never[]) {
      expect(errorOf(() => histogram.observe(value))).to.equal(`TypeError: Value is not a valid number: ${value}`);
    }
  });

  it('rejects buckets that do not ascend, which prom-client accepts', () => {
    for (const wrong of [
      [2, 1],
      [1, 1],
      [1, Number.NaN],
      [Number.NEGATIVE_INFINITY, 1],
      [Number.POSITIVE_INFINITY, 1],
      ['1' as never],
    ]) {
      expect(() => createMetric('Histogram', { buckets: wrong }), `${wrong}`).to.throw(InvalidDescriptorError);
    }
  });

  it('has one bucket for +Inf, even if it is given', async () => {
    const histogram = createMetric('Histogram', { buckets: [1, Number.POSITIVE_INFINITY] });
    histogram.observe(2);
    const { values } = await histogram.get();
    expect(values.map(({ labels, value }) => [labels.le, value])).to.deep.equal([
      [1, 0],
      ['+Inf', 1],
      [undefined, 2],
      [undefined, 1],
    ]);
  });

  it('rejects an unknown label of `zero`, which prom-client ignores', () => {
    expect(errorOf(() => createMetric('Histogram', { labelNames }).zero({ path: '/' }))).to.match(
      /^Error: Added label "path" is not included/,
    );
  });

  it('records nothing if the labels of an exemplar are too long', async () => {
    const histogram = createMetric('Histogram', { buckets, enableExemplars: true });
    histogram.reset();
    const exemplarLabels = { trace: 'x'.repeat(124) };
    expect(errorOf(() => histogram.observe({ value: 1, exemplarLabels }))).to.equal(
      'RangeError: Label set size must be smaller than 128 UTF-8 chars',
    );
    expect((await histogram.get()).values).to.deep.equal([]);
  });

  it('observes the seconds of a timer, with the labels of its start and end', async () => {
    const histogram = createMetric('Histogram', { labelNames, buckets });
    const sums = [
      histogram.startTimer()(),
      histogram.startTimer({ queue: 'a' })({ zone: 'b' }),
      histogram.labels('c', 'd').startTimer()(),
      histogram.labels({ queue: 'c' }).startTimer()({ queue: 'e' }),
    ];
    const { values } = await histogram.get();
    expect(values.filter(({ metricName }) => metricName === 'histogram_sum')).to.deep.equal([
      { labels: {}, value: sums[0], metricName: 'histogram_sum', exemplar: undefined },
      { labels: { queue: 'a', zone: 'b' }, value: sums[1], metricName: 'histogram_sum', exemplar: undefined },
      { labels: { queue: 'c', zone: 'd' }, value: sums[2], metricName: 'histogram_sum', exemplar: undefined },
      { labels: { queue: 'e' }, value: sums[3], metricName: 'histogram_sum', exemplar: undefined },
    ]);
  });

  it('stores the exemplar of a timer, also of a bound histogram', async () => {
    const histogram = createMetric('Histogram', { labelNames, buckets, enableExemplars: true });
    const start = { a: '1', b: '1' };
    const seconds = histogram.startTimer({ queue: 'a' }, start)({ zone: 'b' }, { b: '2' });
    (histogram.labels('c', 'd').startTimer() as EndTimer<string>)(undefined, { c: '3' });
    const { values } = await histogram.get();
    const exemplars = values.flatMap((value) => (value as { exemplar?: object | null }).exemplar ?? []);
    expect(exemplars).to.have.length(2);
    expect(exemplars[0]).to.deep.include({ labelSet: { a: '1', b: '2' }, value: seconds });
    expect(exemplars[1]).to.deep.include({ labelSet: { c: '3' } });
  });

  it('keeps a sum finite', async () => {
    const histogram = createMetric('Histogram', { buckets });
    for (let time = 0; time < 2; time++) histogram.observe(-Number.MAX_VALUE);
    expect((await histogram.get()).values.at(-2)?.value).to.equal(-Number.MAX_VALUE);
  });
});
