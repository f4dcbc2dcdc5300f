import { expect } from 'chai';
import fc from 'fast-check';
import type { NativeHistogram } from '../../../../lib/core/metrics/native/native-histogram.js';
import { nativeQuantile } from '../../../../lib/core/metrics/native/native-quantile.js';
import { nativeHistogramOf } from '../../../support/native-histogram-of.js';

/** The bounds of the bucket of each observation, lowest first. */
function observedRanges({ schema, zeroThreshold, zeroCount, positive, negative }: NativeHistogram) {
  const ranges = (sign: number, { indexes, counts }: NativeHistogram['positive']) =>
    indexes.flatMap((index, place) => {
      const [near, far] = [index - 1, index].map((bound) => sign * Math.max(zeroThreshold, 2 ** (bound / 2 ** schema)));
      return Array<[number, number]>(counts[place]!).fill(sign > 0 ? [near!, far!] : [far!, near!]);
    });
  const [below, above] = [ranges(-1, negative), ranges(1, positive)];
  const zero: [number, number] = [
    below.length === 0 && above.length > 0 ? 0 : -zeroThreshold,
    above.length === 0 && below.length > 0 ? 0 : zeroThreshold,
  ];
  return [...below.reverse(), ...Array<[number, number]>(zeroCount).fill(zero), ...above];
}

/** Looks up the observation with the rank, and interpolates with powers instead of logarithms. */
function naiveQuantile(share: number, histogram: NativeHistogram): number {
  if (share >= 0.5) {
    const mirrored = { ...histogram, positive: histogram.negative, negative: histogram.positive };
    return -naiveLowQuantile(1 - share, mirrored);
  }
  return naiveLowQuantile(share, histogram);
}

function naiveLowQuantile(share: number, histogram: NativeHistogram): number {
  const ranges = observedRanges(histogram);
  const rank = share * ranges.length;
  const [low, high] = ranges[Math.max(0, Math.ceil(rank) - 1)]!;
  const [first, count] = [
    ranges.findIndex(([from]) => from === low),
    ranges.filter(([from, to]) => from === low && to === high).length,
  ];
  const fraction = (rank - first) / count;
  if (low <= 0 && high >= 0) return low + (high - low) * fraction;
  return low * (high / low) ** fraction;
}

describe('nativeQuantile', () => {
  const seconds = fc.double({ min: 1e-6, max: 1e4, noNaN: true });
  const anyNumber = fc.double({ min: -1e4, max: 1e4, noNaN: true });
  const schemas = fc.integer({ min: -4, max: 8 });
  const shares = fc.double({ min: 0, max: 1, noNaN: true });

  it('returns undefined without observations', () => {
    expect(nativeQuantile(0.5, nativeHistogramOf([], 3))).to.equal(undefined);
  });

  it('estimates the median of one bucket as the geometric mean of its bounds', () => {
    expect(nativeQuantile(0.5, nativeHistogramOf([3, 3, 3], 0))).to.be.closeTo(Math.sqrt(8), 1e-12);
    expect(nativeQuantile(0.5, nativeHistogramOf([-3], 0))).to.be.closeTo(-Math.sqrt(8), 1e-12);
  });

  it('interpolates linearly in the zero bucket, from 0 if there are only positive numbers', () => {
    expect(nativeQuantile(0.25, nativeHistogramOf([0, 0, 5, 5], 0, 0.1))).to.be.closeTo(0.05, 1e-12);
    expect(nativeQuantile(0.75, nativeHistogramOf([0, 0, -5, -5], 0, 0.1))).to.be.closeTo(-0.05, 1e-12);
    expect(nativeQuantile(0.5, nativeHistogramOf([0, 0, -5, 5], 0, 0.1))).to.be.closeTo(0, 1e-12);
    expect(nativeQuantile(0.25, nativeHistogramOf([0, 0], 0, 0.1))).to.be.closeTo(-0.05, 1e-12);
  });

  it('is within the resolution of the exact quantile', () => {
    fc.assert(
      fc.property(
        fc.array(seconds, { minLength: 1, maxLength: 60 }),
        fc.constantFrom(0.5, 0.95, 0.99),
        (all, share) => {
          const sorted = [...all].sort((a, b) => a - b);
          const last = Math.min(all.length - 1, Math.floor(share * all.length));
          const [low, high] = [sorted[Math.max(0, last - 1)]!, sorted[last]!];
          const found = nativeQuantile(share, nativeHistogramOf(all, 3))!;
          expect(found).to.be.within(low / 1.0906, high * 1.0906);
        },
      ),
    );
  });

  it('equals a naive implementation for numbers of both signs at any resolution', () => {
    fc.assert(
      fc.property(fc.array(anyNumber, { minLength: 1, maxLength: 40 }), schemas, shares, (all, schema, share) => {
        const histogram = nativeHistogramOf(all, schema, 0.01);
        // At a rank that is a whole number, rounding decides between two buckets.
        fc.pre(Math.abs(share * all.length - Math.round(share * all.length)) > 1e-9);
        const [found, expected] = [nativeQuantile(share, histogram)!, naiveQuantile(share, histogram)];
        expect(found).to.be.closeTo(expected, 1e-9 * Math.max(1e-3, Math.abs(expected)));
      }),
      { numRuns: 500 },
    );
  });

  it('increases with the share', () => {
    fc.assert(
      fc.property(fc.array(anyNumber, { minLength: 1 }), shares, shares, (all, one, other) => {
        const [low, high] = [one, other].sort((a, b) => a - b) as [number, number];
        const histogram = nativeHistogramOf(all, 3);
        const [lower, higher] = [nativeQuantile(low, histogram)!, nativeQuantile(high, histogram)!];
        expect(lower - higher).to.be.at.most(1e-9 * Math.abs(lower));
      }),
    );
  });

  it('is finite for the largest double', () => {
    for (const schema of [-4, -1, 0, 3, 8]) {
      const found = nativeQuantile(0.9, nativeHistogramOf([Number.MAX_VALUE], schema));
      expect(found, String(schema))
        .to.be.above(1e300 ** (schema < 0 ? 0.9 : 1))
        .and.at.most(Number.MAX_VALUE);
    }
  });
});
