import { expect } from 'chai';
import { ascendingBounds } from '../../../lib/prom-client/metrics/buckets.js';
import { errorOf, expectSame } from '../../support/prom-client-pair.js';

describe('linearBuckets', () => {
  it("returns prom-client's bounds, and throws its errors", async () => {
    const bounds = await expectSame(({ linearBuckets }) => [linearBuckets(0.1, 0.2, 20), linearBuckets(-3, 1, 3)]);
    expect(bounds).to.have.nested.property('1[2]', -1);
    await expectSame(({ linearBuckets }) => linearBuckets(1, 1, 0));
  });
});

describe('exponentialBuckets', () => {
  it("returns prom-client's bounds, and throws its errors", async () => {
    await expectSame(({ exponentialBuckets }) => [exponentialBuckets(0.001, 1.7, 40), exponentialBuckets(1, 2, 1)]);
    const errors = await expectSame(({ exponentialBuckets }) => [
      errorOf(() => exponentialBuckets(0, 2, 3)),
      errorOf(() => exponentialBuckets(1, 2, 0)),
      errorOf(() => exponentialBuckets(1, 1, 3)),
    ]);
    expect(errors).not.to.include(undefined);
  });
});

describe('ascendingBounds', () => {
  it('sorts numbers and strings by value, and removes repetitions and +Inf', () => {
    const { POSITIVE_INFINITY, NEGATIVE_INFINITY, NaN: none } = Number;
    expect(ascendingBounds([10, '9', 1, '1.0', POSITIVE_INFINITY] as number[])).to.deep.equal([1, 9, 10]);
    expect(ascendingBounds([0, NEGATIVE_INFINITY])).to.deep.equal([NEGATIVE_INFINITY, 0]);
    expect(ascendingBounds([])).to.deep.equal([]);
    expect(ascendingBounds([2, none, 'x' as never])).to.deep.equal([none]);
    expect(ascendingBounds([2, undefined as never])).to.deep.equal([undefined]);
  });
});
