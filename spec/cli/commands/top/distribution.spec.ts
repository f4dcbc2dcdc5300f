import { expect } from 'chai';
import fc from 'fast-check';
import { Distribution } from '../../../../cli/commands/top/distribution.js';
import { nativeHistogramOf } from '../../../support/native-histogram-of.js';

const bounds = [0.1, 0.5, 1, 5];

function observed(times: readonly number[]) {
  const values = new Map<string, number>(
    [...bounds, Number.POSITIVE_INFINITY].map((bound) => [
      bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound),
      times.filter((time) => time <= bound).length,
    ]),
  );
  values.set('count', times.length).set(
    'sum',
    times.reduce((sum, time) => sum + time, 0),
  );
  return { labels: {}, values };
}

describe('Distribution', () => {
  it('calculates quantiles like PromQL', () => {
    // histogram_quantile over 10 observations up to 0.1, 10 up to 0.5 and 2 above 5.
    const distribution = new Distribution([observed([...Array(10).fill(0.05), ...Array(10).fill(0.3), 9, 9])]);
    expect(distribution.quantile(0.25)).to.be.closeTo(0.055, 1e-12);
    expect(distribution.quantile(0.5)).to.be.closeTo(0.14, 1e-12);
    expect(distribution.quantile(0.99)).to.equal(5);
    expect(distribution.mean).to.be.closeTo(21.5 / 22, 1e-12);
  });

  it('keeps quantiles in order and within the bounds, and adds up series', () => {
    const times = fc.array(fc.double({ min: 0.001, max: 9, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(times, times, (some, others) => {
        const both = new Distribution([observed(some), observed(others)]);
        const [p50 = -1, p95 = -1, p99 = -1] = [0.5, 0.95, 0.99].map((share) => both.quantile(share));
        expect(p50).to.be.within(0, p95);
        expect(p99).to.be.within(p95, 5);
        expect(both.count).to.equal(some.length + others.length);
        expect(both.quantile(0.95)).to.equal(new Distribution([observed([...some, ...others])]).quantile(0.95));
      }),
    );
  });

  it('estimates quantiles from native buckets if all series have them', () => {
    const times = [...Array(90).fill(0.00001), ...Array(10).fill(3)];
    const native = { ...observed(times), native: nativeHistogramOf(times, 3) };
    const coarse = { ...observed(times), native: nativeHistogramOf(times, 0) };
    expect(new Distribution([native]).quantile(0.5)).to.be.closeTo(0.00001, 1e-6);
    expect(new Distribution([native]).quantile(0.95)).to.be.closeTo(3, 0.3);
    expect(new Distribution([native, coarse]).quantile(0.95)).to.be.within(2, 4);
    expect(new Distribution([native, observed(times)]).quantile(0.5)).to.be.closeTo(0.0556, 0.0001);
  });

  it('returns undefined without observations', () => {
    for (const empty of [new Distribution([]), new Distribution([observed([])])]) {
      expect([empty.mean, empty.quantile(0.5), empty.count]).to.deep.equal([undefined, undefined, 0]);
    }
  });
});
