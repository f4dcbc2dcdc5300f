import { expect } from 'chai';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { LazySeries } from '../../../lib/core/recording/lazy-series.js';

describe('LazySeries', () => {
  const setUp = (maxSeriesPerMetric = 1_000) => {
    const overflows: string[] = [];
    const meter = new Meter(new SharedRegistry(), { onOverflow: (metric) => overflows.push(metric) });
    meter.configure({ maxSeriesPerMetric });
    const calls = meter.create({ kind: 'counter', name: 'calls_total', help: 'Calls.', labels: ['to'] });
    return { calls, overflows };
  };

  it('creates its series at the first access, and keeps it', () => {
    const { calls } = setUp();
    const lazy = new LazySeries(calls, ['here']);
    expect(calls.allSeries).to.deep.equal([]);
    const series = lazy.get();
    expect(calls.labelledSeries()).to.deep.equal([{ series, labelValues: ['here'] }]);
    expect(lazy.get()).to.equal(series);
  });

  it('returns an existing series of the instrument', () => {
    const { calls } = setUp();
    const series = calls.series('here');
    expect(new LazySeries(calls, ['here']).get()).to.equal(series);
  });

  it('counts each lookup past the limit', () => {
    const { calls, overflows } = setUp(1);
    calls.series('first');
    const lazy = new LazySeries(calls, ['second']);
    expect(lazy.get()).to.equal(lazy.get());
    expect(overflows).to.deep.equal(['calls_total', 'calls_total']);
  });

  it('looks up a series once if it is not past the limit', () => {
    const { calls } = setUp();
    let lookUps = 0;
    const series = (...values: [string]) => {
      lookUps++;
      return calls.series(...values);
    };
    const lazy = new LazySeries({ series }, ['here']);
    for (let time = 0; time < 3; time++) lazy.get();
    expect(lookUps).to.equal(1);
  });
});
