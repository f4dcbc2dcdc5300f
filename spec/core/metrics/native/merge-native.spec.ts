import { expect } from 'chai';
import fc from 'fast-check';
import { addNative, emptyNative, nativeCount, withSchema } from '../../../../lib/core/metrics/native/merge-native.js';
import { nativeHistogramOf } from '../../../support/native-histogram-of.js';
import { countsIn, countsOf } from '../../../support/native-model.js';

const observations = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 50 });
const schemas = fc.integer({ min: -4, max: 4 });

describe('addNative', () => {
  it('has the buckets of all observations at the lower resolution', () => {
    fc.assert(
      fc.property(observations, observations, schemas, schemas, (some, others, one, other) => {
        const sum = addNative(nativeHistogramOf(some, one), nativeHistogramOf(others, other));
        const schema = Math.min(one, other);
        expect(sum.schema).to.equal(schema);
        expect(countsIn(sum)).to.deep.equal(countsOf([...some, ...others], schema));
        expect(nativeCount(sum)).to.equal(some.length + others.length);
      }),
    );
  });

  it('does not depend on the order of the histograms', () => {
    const thresholds = fc.constantFrom(0, 2 ** -128, 1e-3, 0.5, 1, 100);
    fc.assert(
      fc.property(observations, observations, thresholds, thresholds, (some, others, one, other) => {
        const [first, second] = [nativeHistogramOf(some, 2, one), nativeHistogramOf(others, 3, other)];
        expect(addNative(first, second)).to.deep.equal(addNative(second, first));
        expect(nativeCount(addNative(first, second))).to.equal(some.length + others.length);
      }),
    );
  });

  it('widens the zero bucket up to the end of a bucket that contains the larger threshold', () => {
    const sum = addNative(nativeHistogramOf([0.3, 0.6, 0.9, 3], 0, 0), nativeHistogramOf([0.55, -2], 0, 0.6));
    expect(sum.zeroThreshold).to.equal(1);
    expect(countsIn(sum)).to.deep.equal({ zero: 4, '+2': 1, '-1': 1 });
  });

  it('keeps the larger threshold if no bucket contains it', () => {
    const sum = addNative(nativeHistogramOf([0.1, 3], 0, 0), nativeHistogramOf([0.4], 0, 0.6));
    expect(sum.zeroThreshold).to.equal(0.6);
    expect(countsIn(sum)).to.deep.equal({ zero: 2, '+2': 1 });
  });

  it('has a finite zero bucket if the last bucket becomes part of it', () => {
    const largest = Number.MAX_VALUE;
    const sum = addNative(nativeHistogramOf([-largest, 3], 3, 0), nativeHistogramOf([1], 3, 1.79e308));
    expect(sum).to.deep.equal({ ...emptyNative({ schema: 3, zeroThreshold: largest }), zeroCount: 3 });
  });

  it('returns the other buckets if one histogram has no observations', () => {
    const histogram = nativeHistogramOf([1, 2, -3], 3);
    expect(addNative(emptyNative(histogram), histogram)).to.deep.equal(histogram);
  });
});

describe('withSchema', () => {
  it('has the buckets of the observations at the lower resolution', () => {
    fc.assert(
      fc.property(observations, schemas, schemas, (values, one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        expect(withSchema(nativeHistogramOf(values, high), low)).to.deep.equal(nativeHistogramOf(values, low));
      }),
    );
  });
});
