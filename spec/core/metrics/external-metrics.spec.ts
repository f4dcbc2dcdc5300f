import { expect } from 'chai';
import { Gauge } from '../../../lib/core/metrics/custom/gauge.js';
import { SummaryMetric } from '../../../lib/core/metrics/custom/summary.js';
import { ExternalMetrics } from '../../../lib/core/metrics/external-metrics.js';

const facts = { help: 'A.', registers: [] };

describe('ExternalMetrics', () => {
  it('contains a metric until each of its names is removed', () => {
    const metrics = new ExternalMetrics();
    const [one, other] = [{ name: 'one' }, { name: 'other' }];
    metrics.add(one);
    metrics.add(other);
    metrics.add(one);
    metrics.remove(one);
    expect(metrics.all).to.deep.equal([one, other]);
    metrics.remove(one);
    expect([metrics.all, metrics.needThread]).to.deep.equal([[other], true]);
    metrics.clear();
    expect([metrics.all, metrics.needThread]).to.deep.equal([[], false]);
  });

  it('needs the thread of the application for metrics that only this thread can read or update', () => {
    const gauge = new Gauge({ name: 'a', ...facts });
    const collected = new Gauge({ name: 'b', collect: () => {}, ...facts });
    const summary = new SummaryMetric({ name: 'c', ...facts }, () => {
      throw new Error('No values are recorded.');
    });
    const needs = (metric: object): boolean => {
      const metrics = new ExternalMetrics();
      metrics.add(metric);
      return metrics.needThread;
    };
    expect([gauge, collected, summary, { name: 'd' }].map(needs)).to.deep.equal([false, true, true, true]);
  });

  it('finds a `collect` that was assigned or removed later, and one of a subclass', () => {
    class Measured extends Gauge {}
    // As JavaScript code writes it. TypeScript requires an accessor here.
    Object.defineProperty(Measured.prototype, 'collect', { value: () => {} });
    const metrics = new ExternalMetrics();
    const gauge = new Gauge({ name: 'a', ...facts });
    metrics.add(gauge);
    gauge.collect = () => {};
    metrics.check(gauge);
    expect(metrics.needThread).to.equal(true);
    gauge.collect = undefined;
    metrics.check(gauge);
    expect(metrics.needThread).to.equal(false);
    metrics.add(new Measured({ name: 'b', ...facts }));
    expect(metrics.needThread).to.equal(true);
  });
});
