import { expect } from 'chai';
import { Registry } from 'prom-client';
import { InvalidValueError } from '../../../lib/core/errors/errors.js';
import { shownNumber } from '../../../lib/core/errors/shown-number.js';
import type { GaugeSeries } from '../../../lib/core/metrics/gauge.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { sampleValue } from '../../support/parse-text.js';

describe('Gauge', () => {
  let registry: Registry;
  let series: GaugeSeries;
  const value = async () => sampleValue(await registry.metrics(), 'level');

  beforeEach(() => {
    registry = new Registry();
    series = new Meter(registry).create({ name: 'level', help: 'Level.', kind: 'gauge' }).series();
  });

  it('increases, decreases and can be set', async () => {
    series.inc();
    series.inc(4);
    series.dec();
    series.dec(1.5);
    expect(await value()).to.equal(2.5);
    series.dec(10);
    expect(await value()).to.equal(-7.5);
    series.set(3);
    expect(await value()).to.equal(3);
    series.inc(-1);
    expect(await value()).to.equal(2);
    series.increment();
    series.increment();
    series.decrement();
    expect(await value()).to.equal(3);
  });

  it('can be set to either infinity', async () => {
    series.set(Number.POSITIVE_INFINITY);
    expect(await value()).to.equal(Number.POSITIVE_INFINITY);
    series.set(Number.NEGATIVE_INFINITY);
    expect(await value()).to.equal(Number.NEGATIVE_INFINITY);
  });

  for (const amount of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '5', null, 5n]) {
    for (const method of ['inc', 'dec'] as const) {
      it(`rejects ${method} of ${typeof amount} ${String(amount)} with its name, without a change`, async () => {
        series.set(7);
        expect(() => series[method](amount as number))
          .to.throw(InvalidValueError, `level got ${shownNumber(amount)}; expected a finite number.`)
          .that.deep.includes({ metric: 'level', got: amount });
        expect(await value()).to.equal(7);
      });
    }
  }

  for (const amount of [Number.NaN, '5', null, 5n]) {
    it(`rejects to be set to ${typeof amount} ${String(amount)} without a change`, async () => {
      series.set(7);
      expect(() => series.set(amount as number)).to.throw(
        InvalidValueError,
        `level got ${shownNumber(amount)}; expected a`,
      );
      expect(await value()).to.equal(7);
    });
  }
});
