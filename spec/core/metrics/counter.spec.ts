import { expect } from 'chai';
import { Registry } from 'prom-client';
import { InvalidValueError } from '../../../lib/core/errors/errors.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { sampleValue } from '../../support/parse-text.js';

describe('Counter', () => {
  let registry: Registry;
  let meter: Meter;
  const value = async (labels: Record<string, string> = {}) =>
    sampleValue(await registry.metrics(), 'calls_total', labels);

  beforeEach(() => {
    registry = new Registry();
    meter = new Meter(registry);
  });

  it('starts at zero, counts by one, and by any amount', async () => {
    const counter = meter.create({ name: 'calls_total', help: 'Calls.', kind: 'counter' });
    expect(await value()).to.equal(0);
    counter.series().inc();
    counter.series().inc(0);
    counter.series().inc(2.5);
    counter.series().increment();
    expect(await value()).to.equal(4.5);
  });

  it('stays at the largest finite number instead of becoming infinite', async () => {
    const series = meter.create({ name: 'calls_total', help: 'Calls.', kind: 'counter' }).series();
    series.inc(1.7e308);
    series.inc(1.7e308);
    expect(await value()).to.equal(Number.MAX_VALUE);
    series.add(1.7e308);
    series.increment();
    expect(await value()).to.equal(Number.MAX_VALUE);
  });

  it('counts each label set separately', async () => {
    const counter = meter.create({ name: 'calls_total', help: 'Calls.', kind: 'counter', labels: ['model', 'graph'] });
    counter.series('a', 'b').inc();
    counter.series('b', 'a').inc(2);
    expect(await value({ model: 'a', graph: 'b' })).to.equal(1);
    expect(await value({ model: 'b', graph: 'a' })).to.equal(2);
    expect(await value({ model: 'a', graph: 'a' })).to.equal(undefined);
  });

  for (const amount of [
    -1,
    -0.001,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    '5',
    null,
    {},
    5n,
  ]) {
    it(`rejects ${typeof amount} ${String(amount)} without a change`, async () => {
      const series = meter.create({ name: 'calls_total', help: 'Calls.', kind: 'counter' }).series();
      series.inc(7);
      expect(() => series.inc(amount as number))
        .to.throw(InvalidValueError, /^calls_total got .+; expected a finite increment of 0 or more\.$/)
        .that.deep.includes({ metric: 'calls_total', got: amount });
      expect(await value()).to.equal(7);
    });
  }
});
