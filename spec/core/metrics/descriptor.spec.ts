import { expect } from 'chai';
import { InvalidDescriptorError } from '../../../lib/core/errors/errors.js';
import { describeCustomMetric, describeMetric, type MetricOptions } from '../../../lib/core/metrics/descriptor.js';

const histogram = { name: 'wait_seconds', help: 'Wait.', kind: 'histogram' } as const;

describe('describeMetric', () => {
  it('freezes the complete declaration', () => {
    const labels = ['model'];
    const descriptor = describeMetric({ ...histogram, unit: 'seconds', labels, buckets: [-1, 0, 2.5] });
    expect(descriptor).to.deep.equal({
      ...{ ...histogram, unit: 'seconds', labels: ['model'], buckets: [-1, 0, 2.5], aggregation: 'sum' },
    });
    expect(
      Object.isFrozen(descriptor) && Object.isFrozen(descriptor.labels) && Object.isFrozen(descriptor.buckets),
    ).to.equal(true);
    labels.push('graph');
    expect(descriptor.labels).to.deep.equal(['model']);
  });

  it('accepts a metric without labels, unit and buckets', () => {
    expect(describeMetric({ name: 'a:b_9', help: '', kind: 'gauge' })).to.deep.include({
      ...{ unit: undefined, labels: [], buckets: [] },
    });
  });

  it('accepts the maximum number of buckets, and the label le for other kinds than histograms', () => {
    const buckets = Array.from({ length: 1_000 }, (_, index) => index);
    expect(describeMetric({ ...histogram, buckets }).buckets).to.have.length(1_000);
    expect(describeMetric({ name: 'calls_total', help: '', kind: 'counter', labels: ['le'] }).labels).to.deep.equal([
      'le',
    ]);
  });

  const invalid: readonly (readonly [string, MetricOptions, RegExp])[] = [
    ['a name with a dash', { name: 'a-b', help: '', kind: 'gauge' }, /"a-b" is not a metric name; expected letters/],
    ['an empty name', { name: '', help: '', kind: 'gauge' }, /"" is not a metric name/],
    ['a name that starts with a digit', { name: '1a', help: '', kind: 'gauge' }, /"1a" is not a metric name/],
    ['a name with a line feed', { name: 'a\n', help: '', kind: 'gauge' }, /"a\\n" is not a metric name/],
    ['a counter without _total', { name: 'calls', help: '', kind: 'counter' }, /must end in _total/],
    ['an info without _info', { name: 'build', help: '', kind: 'info' }, /must end in _info/],
    ['a label with a dash', { name: 'a', help: '', kind: 'gauge', labels: ['b-c'] }, /label "b-c"; expected letters/],
    ['a reserved label', { name: 'a', help: '', kind: 'gauge', labels: ['__name__'] }, /not starting with __/],
    ['a duplicate label', { name: 'a', help: '', kind: 'gauge', labels: ['b', 'b'] }, /has a duplicate label: b, b/],
    [
      'more labels than fit into a segment',
      { name: 'a', help: '', kind: 'gauge', labels: Array.from({ length: 65 }, (_, index) => `l${index}`) },
      /has 65 labels; expected at most 64/,
    ],
    [
      'a help that does not fit into a segment',
      { name: 'a', help: 'x'.repeat(60_000), kind: 'gauge' },
      /takes 60\d+ bytes with its help and labels; expected at most 60000/,
    ],
    ['a histogram with a label le', { ...histogram, labels: ['le'], buckets: [1] }, /a label "le"/],
    ['a histogram without buckets', histogram, /has 0 buckets; expected 1 to 1000/],
    ['too many buckets', { ...histogram, buckets: Array.from({ length: 1_001 }, (_, i) => i) }, /has 1001 buckets/],
    [
      'a bucket NaN',
      { ...histogram, buckets: [1, Number.NaN] },
      /has the bucket NaN; expected finite numbers without \+Inf/,
    ],
    ['a bucket +Inf', { ...histogram, buckets: [1, Number.POSITIVE_INFINITY] }, /has the bucket Infinity/],
    ['a bucket that is not a number', { ...histogram, buckets: ['1'] as never }, /has the bucket "1"; expected finite/],
    ['buckets out of order', { ...histogram, buckets: [2, 1] }, /out of order: 2, 1; expected each above/],
    ['a duplicate bucket', { ...histogram, buckets: [1, 1] }, /out of order: 1, 1/],
    ['a gauge with buckets', { name: 'a', help: '', kind: 'gauge', buckets: [1] }, /only histograms have buckets/],
  ];
  for (const [title, options, message] of invalid) {
    it(`rejects ${title}, in one line`, () => {
      expect(() => describeMetric(options))
        .to.throw(InvalidDescriptorError, message)
        .with.property('message')
        .that.match(/^.+\.$/);
    });
  }

  it('rejects more than 64 labels of a custom metric', () => {
    const labels = Array.from({ length: 65 }, (_, index) => `label_${index}`);
    const describe = (count: number) => () =>
      describeCustomMetric({ name: 'a', help: 'A.', kind: 'gauge', labels: labels.slice(0, count) });
    expect(describe(64)).not.to.throw();
    expect(describe(65)).to.throw(InvalidDescriptorError, 'has 65 labels; expected at most 64');
  });
});
