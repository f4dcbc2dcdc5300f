import { expect } from 'chai';
import fc from 'fast-check';
import { counterValues, fewLateRequests, latencySeries } from '../../../lib/monitoring/alerts/latency-series.js';
import { defaultSettings } from '../../../lib/monitoring/settings/settings.js';

const native = { ...defaultSettings, nativeHistograms: true };
const answered = { first: 100, later: 100 };
const inTime = { first: 97.5, later: 100 };

describe('the input series of latency', () => {
  it('are a count and a bucket for classic histograms', () => {
    const labels = 'job="tinyllm",model="m"';
    expect(latencySeries(defaultSettings, { answered, inTime })).to.deep.equal([
      { series: `tinyllm_request_latency_seconds_count{${labels}}`, values: '0+100x10 1100+100x40' },
      { series: `tinyllm_request_latency_seconds_bucket{${labels},le="10"}`, values: '0+97.5x10 1075+100x40' },
    ]);
    expect(counterValues(inTime)).to.equal('0+97.5x10 1075+100x40');
    expect(fewLateRequests(defaultSettings)).to.deep.equal({
      series: `tinyllm_request_latency_seconds_count{${labels}}`,
      values: '0 1 2 3 4 5x30',
    });
  });

  it('are one series for native histograms', () => {
    const sample = (count: number, ...buckets: readonly number[]) =>
      `{{schema:3 count:${count} offset:26 buckets:[${buckets.join(' ')}]}}`;
    const series = 'tinyllm_request_latency_seconds{job="tinyllm",model="m"}';
    expect(latencySeries(native, { answered, inTime })).to.deep.equal([
      {
        series,
        values: `${sample(0, 0, 0, 0)}+${sample(100, 97.5, 0, 2.5)}x10 ${sample(1100, 1075, 0, 25)}+${sample(100, 100, 0, 0)}x40`,
      },
    ]);
    expect(fewLateRequests(native)).to.deep.equal({
      series,
      values: `${sample(0, 0, 0, 0)}+${sample(1, 0, 0, 1)}x4 ${sample(5, 0, 0, 5)}x30`,
    });
  });

  it('have no requests in the bucket that contains the objective', () => {
    const property = fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (seconds) => {
      const { values } = fewLateRequests({ ...native, latency: { seconds, share: 0.95 } });
      const [, offset] = /offset:(-?\d+)/.exec(values) ?? [];
      const upperBound = (bucket: number) => 2 ** (bucket / 8);
      const rounding = 1 + 1e-12;
      expect(upperBound(Number(offset))).to.be.at.most(seconds * rounding);
      expect(upperBound(Number(offset) + 1)).to.be.at.least(seconds / rounding);
    });
    fc.assert(property);
  });
});
