import { expect } from 'chai';
import fc from 'fast-check';
import { addNative } from '../../../../lib/core/metrics/native/merge-native.js';
import { nativeIncrease } from '../../../../lib/core/metrics/native/native-increase.js';
import { nativeHistogramOf } from '../../../support/native-histogram-of.js';
import { countsIn, countsOf } from '../../../support/native-model.js';

describe('nativeIncrease', () => {
  const observations = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 40 });
  const schemas = fc.integer({ min: -4, max: 4 });

  it('contains the later observations at the lower resolution', () => {
    fc.assert(
      fc.property(observations, observations, schemas, schemas, (some, later, one, other) => {
        const increase = nativeIncrease(nativeHistogramOf([...some, ...later], other), nativeHistogramOf(some, one));
        const schema = Math.min(one, other);
        expect(increase?.schema).to.equal(schema);
        expect(countsIn(increase!)).to.deep.equal(countsOf(later, schema));
      }),
    );
  });

  it('subtracts histograms with different zero buckets', () => {
    const current = nativeHistogramOf([0.001, 0.01, 1, 1, 4], 0, 0.05);
    const increase = nativeIncrease(current, nativeHistogramOf([0.001, 1], 3))!;
    expect(countsIn(increase)).to.deep.equal({ zero: 1, '+0': 1, '+2': 1 });
  });

  it('is undefined if a bucket has fewer observations than before', () => {
    const earlier = nativeHistogramOf([0, 1, 2, -4], 3);
    for (const current of [[1, 2, 2, 2, -4], [0, 1, 1, 1, -4], [0, 1, 2, 2, 2], []]) {
      expect(nativeIncrease(nativeHistogramOf(current, 3), earlier), String(current)).to.equal(undefined);
    }
  });

  it('and the earlier state add up to the current state', () => {
    fc.assert(
      fc.property(observations, observations, (some, later) => {
        const earlier = nativeHistogramOf(some, 2);
        const current = nativeHistogramOf([...some, ...later], 2);
        expect(addNative(earlier, nativeIncrease(current, earlier)!)).to.deep.equal(current);
      }),
    );
  });
});
