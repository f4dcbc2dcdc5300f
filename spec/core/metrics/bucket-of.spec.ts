import { expect } from 'chai';
import { bucketOf } from '../../../lib/core/metrics/bucket-of.js';

describe('bucketOf', () => {
  it('returns the first bucket with a bound of at least the value', () => {
    const values = [-1, 1, 1.5, 2, 2.5, Number.POSITIVE_INFINITY];
    expect(values.map((value) => bucketOf([1, 2], value))).to.deep.equal([0, 0, 1, 1, 2, 2]);
  });

  it('has one bucket without bounds', () => {
    expect(bucketOf([], 3)).to.equal(0);
  });
});
