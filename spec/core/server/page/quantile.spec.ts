import { expect } from 'chai';
import fc from 'fast-check';
import { quantile } from '../../../../lib/core/server/page/quantile.js';

describe('quantile', () => {
  const last = Number.POSITIVE_INFINITY;
  // The results of Prometheus' histogram_quantile for the same buckets.
  const cases: readonly (readonly [
    share: number,
    buckets: readonly [number, number][],
    expected: number | undefined,
  ])[] = [
    [
      0.5,
      [
        [1, 10],
        [2, 20],
        [last, 20],
      ],
      1,
    ],
    [
      0.75,
      [
        [1, 10],
        [2, 20],
        [last, 20],
      ],
      1.5,
    ],
    [
      0.95,
      [
        [1, 100],
        [last, 100],
      ],
      0.95,
    ],
    [
      0.99,
      [
        [1, 1],
        [2, 2],
        [last, 100],
      ],
      2,
    ],
    [
      0.5,
      [
        [1, 0],
        [2, 0],
        [4, 10],
        [last, 10],
      ],
      3,
    ],
    [
      0.5,
      [
        [1, 0],
        [last, 0],
      ],
      undefined,
    ],
    [0.5, [], undefined],
  ];
  for (const [share, buckets, expected] of cases) {
    it(`${share} of ${JSON.stringify(buckets)} is ${expected ?? 'undefined'}`, () => {
      const found = quantile(share, new Map(buckets));
      if (expected === undefined) expect(found).to.equal(undefined);
      else expect(found).to.be.closeTo(expected, 1e-9);
    });
  }

  it('is within the right bucket, and increases with the share', () => {
    const bounds = [0.1, 0.5, 1, 5, last];
    const counts = fc.array(fc.nat(50), { minLength: bounds.length, maxLength: bounds.length });
    fc.assert(
      fc.property(counts, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (observed, share) => {
        const sumTo = (place: number) => observed.slice(0, place + 1).reduce((sum, count) => sum + count, 0);
        const buckets = new Map(bounds.map((bound, place) => [bound, sumTo(place)]));
        const sum = sumTo(bounds.length);
        fc.pre(sum > 0);
        const found = quantile(share, buckets) ?? Number.NaN;
        expect(found).to.be.within(0, 5);
        expect(quantile(Math.min(1, share + 0.01), buckets)).to.be.at.least(found);
        const held = bounds.find((bound) => (buckets.get(bound) ?? 0) >= share * sum) ?? last;
        expect(found).to.be.at.most(held);
      }),
    );
  });
});
