import { expect } from 'chai';
import fc from 'fast-check';
import { histogramValue } from '../../../lib/core/formats/composite-value.js';
import { readCompositeValue } from '../../../lib/core/formats/read-composite-value.js';
import { nativeCount } from '../../../lib/core/metrics/native/merge-native.js';
import { nativeHistogramOf } from '../../support/native-histogram-of.js';

describe('readCompositeValue', () => {
  const written = 'count:6,sum:7.5,schema:1,zero_threshold:1e-10,zero_count:1,';
  const read = (text: string) => readCompositeValue(text)?.native;

  it('reads classic and native buckets', () => {
    const spans = 'negative_spans:[3:1],negative_buckets:[2],positive_spans:[-1:2,4:1],positive_buckets:[1,0,2],';
    expect(readCompositeValue(`${written}${spans}bucket:[0.5:2,+Inf:6]`)).to.deep.equal({
      count: 6,
      sum: 7.5,
      buckets: [
        ['0.5', 2],
        ['+Inf', 6],
      ],
      quantiles: [],
      native: {
        schema: 1,
        zeroThreshold: 1e-10,
        zeroCount: 1,
        negative: { indexes: [3], counts: [2] },
        positive: { indexes: [-1, 5], counts: [1, 2] },
      },
    });
  });

  it('reads summaries', () => {
    const value = readCompositeValue('count:2,sum:NaN,quantile:[0.5:1,0.9:NaN]');
    expect(value?.quantiles).to.deep.equal([
      ['0.5', 1],
      ['0.9', Number.NaN],
    ]);
    expect(value?.native).to.equal(undefined);
  });

  it('reads every histogram that TinyLLM writes', () => {
    const observations = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 60 });
    fc.assert(
      fc.property(observations, fc.integer({ min: -4, max: 8 }), (values, schema) => {
        const native = nativeHistogramOf(values, schema);
        const text = histogramValue({ bounds: [1, Number.POSITIVE_INFINITY], counts: [0, 0], sum: 1, native });
        const value = readCompositeValue(text.slice(1, -1));
        expect(value?.native).to.deep.equal(native);
        expect(value?.count).to.equal(nativeCount(native));
      }),
      { numRuns: 50 },
    );
  });

  it('omits native buckets that contradict each other', () => {
    const native = (buckets: string, facts = written) => read(`${facts}${buckets}`);
    expect(native('positive_spans:[0:2],positive_buckets:[1,2]')).to.not.equal(undefined);
    for (const buckets of [
      'positive_spans:[0:1],positive_buckets:[1,2]',
      'positive_spans:[0:3],positive_buckets:[1,2]',
      'positive_spans:[0:9007199254740991],positive_buckets:[1,2]',
      'positive_spans:[0:1,-1:1],positive_buckets:[1,2]',
      'positive_spans:[0:-1],positive_buckets:[]',
      'positive_spans:[999999999:1],positive_buckets:[1]',
      'positive_spans:[0:1],positive_buckets:[-1]',
      'positive_spans:[0:1],positive_buckets:[x]',
      'positive_spans:[x:1],positive_buckets:[1]',
    ]) {
      expect(native(buckets), buckets).to.equal(undefined);
    }
    for (const schema of ['-53', '9', '1.5', 'NaN', '']) {
      expect(read(written.replace('schema:1', `schema:${schema}`)), schema).to.equal(undefined);
    }
    expect(read(written.replace('zero_count:1', 'zero_count:-1'))).to.equal(undefined);
    expect(read(written.replace('zero_threshold:1e-10,', ''))).to.equal(undefined);
  });

  it('is undefined for other texts', () => {
    for (const text of ['count', 'count:[1', 'count=1', 'Count:1', 'count:1;sum:2']) {
      expect(readCompositeValue(text), text).to.equal(undefined);
    }
  });

  it('never fails and never runs long', () => {
    const pieces = fc.constantFrom('count:1,', 'schema:3,', 'positive_spans:', '[0:1]', '[', ']', ':', ',', '9e9', '1');
    fc.assert(fc.property(fc.array(pieces), (parts) => void readCompositeValue(parts.join(''))));
  });
});
