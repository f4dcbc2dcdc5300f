import { expect } from 'chai';
import { catalog } from '../../../lib/core/catalog/catalog.js';
import {
  bucketRates,
  histogramLabels,
  meanOf,
  observationRate,
  observationRateUpTo,
  quantileIn,
  quantileOf,
} from '../../../lib/monitoring/queries/histograms.js';
import type { Scope } from '../../../lib/monitoring/queries/promql.js';

const classic: Scope = { matchers: { job: '="j"', model: '=~"$model"' }, window: '5m' };
const native: Scope = { ...classic, histograms: 'native' };
const { queueWaitTime, scrapeDuration } = catalog;
const rate = 'rate(tinyllm_queue_wait_time_seconds{job="j"}[5m])';

describe('expressions of histograms', () => {
  it('sum classic histograms by bucket, and native histograms as a whole', () => {
    expect(bucketRates(queueWaitTime, classic, ['priority'])).to.equal(
      'sum by (priority, le) (rate(tinyllm_queue_wait_time_seconds_bucket{job="j"}[5m]))',
    );
    expect(bucketRates(queueWaitTime, native, ['priority'])).to.equal(`sum by (priority) (${rate})`);
    expect(bucketRates(queueWaitTime, native)).to.equal(`sum (${rate})`);
    expect(histogramLabels(['a'])).to.deep.equal(['a', 'le']);
    expect(histogramLabels(['a'], 'native')).to.deep.equal(['a']);
  });

  it('have no quantile and no mean without observations', () => {
    expect(quantileOf(0.9, queueWaitTime, classic, ['priority'])).to.equal(
      'histogram_quantile(0.9, sum by (priority, le) (rate(tinyllm_queue_wait_time_seconds_bucket{job="j"}[5m]))) >= 0',
    );
    expect(quantileOf(0.9, queueWaitTime, native)).to.equal(quantileIn(`sum (${rate})`, 0.9));
    expect(meanOf(queueWaitTime, classic)).to.match(/ \/ \(.+_count.+ > 0\)$/);
    expect(meanOf(queueWaitTime, native)).to.equal(`histogram_avg(sum (${rate})) >= 0`);
  });

  it('count all observations', () => {
    expect(observationRate(queueWaitTime, classic, ['job'])).to.equal(
      'sum by (job) (rate(tinyllm_queue_wait_time_seconds_count{job="j"}[5m]))',
    );
    expect(observationRate(queueWaitTime, native, ['job'])).to.equal(`histogram_count(sum by (job) (${rate}))`);
  });

  it('count the observations up to a bucket bound, or up to any value of native histograms', () => {
    expect(observationRateUpTo(queueWaitTime, classic, { atMost: 2.5, by: ['job'] })).to.equal(
      'sum by (job) (rate(tinyllm_queue_wait_time_seconds_bucket{job="j", le="2.5"}[5m]))',
    );
    // OpenMetrics writes 10 as 10.0.
    expect(observationRateUpTo(queueWaitTime, classic, { atMost: 10 })).to.contain('le=~"10([.]0)?"');
    const sum = `sum by (job) (${rate})`;
    expect(observationRateUpTo(queueWaitTime, native, { atMost: 7, by: ['job'] })).to.equal(
      `histogram_count(${sum}) * histogram_fraction(-Inf, 7, ${sum}) >= 0 or histogram_count(${sum})`,
    );
  });

  it('read classic series of the histogram that several threads write, because it is never native', () => {
    expect(scrapeDuration.isShared).to.equal(true);
    for (const expression of [bucketRates, meanOf, observationRate]) {
      expect(expression(scrapeDuration, native)).to.equal(expression(scrapeDuration, classic));
    }
    expect(quantileOf(0.9, scrapeDuration, native)).to.equal(quantileOf(0.9, scrapeDuration, classic));
    const limit = { atMost: 2.5 };
    expect(observationRateUpTo(scrapeDuration, native, limit)).to.equal(
      observationRateUpTo(scrapeDuration, classic, limit),
    );
  });
});
