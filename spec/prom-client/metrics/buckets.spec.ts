import { expect } from 'chai';
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
