import { expect } from 'chai';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { LazySeries } from '../../../lib/core/recording/lazy-series.js';

describe('LazySeries', () => {
  const setUp = (maxSeriesPerMetric = 1_000) => {
    const folded: string[] = [];
    const meter = new Meter(new SharedRegistry(), { onOverflow: (metric) => folded.push(metric) });
    meter.configure({ maxSeriesPerMetric });
    const calls = meter.create({ kind: 'counter', name: 'calls_total', help: 'Calls.', labels: ['to'] });
    return { calls, folded };
  };

  it('makes its series when it is first asked for, and keeps it', () => {
    const { calls } = setUp();
    const lazy = new LazySeries(calls, ['here']);
    expect(calls.allSeries).to.deep.equal([]);
    const series = lazy.get();
    expect(calls.labelledSeries()).to.deep.equal([{ series, labelValues: ['here'] }]);
    expect(lazy.get()).to.equal(series);
  });

  it('gives the series an instrument already has', () => {
    const { calls } = setUp();
    const series = calls.series('here');
    expect(new LazySeries(calls, ['here']).get()).to.equal(series);
  });

  it('has each look-up past the cap counted', () => {
    const { calls, folded } = setUp(1);
    calls.series('first');
    const lazy = new LazySeries(calls, ['second']);
    expect(lazy.get()).to.equal(lazy.get());
    expect(folded).to.deep.equal(['calls_total', 'calls_total']);
  });

  it('asks for a series once, when it is not past the cap', () => {
    const { calls } = setUp();
    let asked = 0;
    const series = (...values: [string]) => {
      asked++;
      return calls.series(...values);
    };
    const lazy = new LazySeries({ series }, ['here']);
    for (let time = 0; time < 3; time++) lazy.get();
    expect(asked).to.equal(1);
  });
});
