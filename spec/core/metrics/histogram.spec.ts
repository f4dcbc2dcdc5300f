import { expect } from 'chai';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { InvalidValueError } from '../../../lib/core/errors/errors.js';
import { shownNumber } from '../../../lib/core/errors/shown-number.js';
import { saturated } from '../../../lib/core/metrics/cells.js';
import type { Histogram } from '../../../lib/core/metrics/histogram.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { writeText } from '../../support/instrument-text.js';
import { parseText, sampleValue } from '../../support/parse-text.js';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

function histogramOf(buckets: readonly number[]): Histogram {
  return new Meter(new Registry()).create({ name: 'wait_seconds', help: 'Wait.', kind: 'histogram', buckets });
}

describe('Histogram', () => {
  it('counts an observation on a bound in the bucket of that bound', () => {
    const histogram = histogramOf([1, 2]);
    for (const value of [1, 2, 2.000_000_1]) histogram.series().observe(value);
    const text = writeText([histogram]);
    const bucket = (le: string) => sampleValue(text, 'wait_seconds_bucket', { le });
    expect([bucket('1'), bucket('2'), bucket('+Inf')]).to.deep.equal([1, 2, 3]);
  });

  it('records a finite value like an observation', () => {
    const [observed, recorded] = [histogramOf([1, 2]), histogramOf([1, 2])];
    for (const value of [-1, 1, 1.5, 3]) {
      observed.series().observe(value);
      recorded.series().record(value);
    }
    expect(writeText([recorded])).to.equal(writeText([observed]));
  });

  it('has a finite sum, whatever is observed', () => {
    const histogram = histogramOf([1]);
    for (const value of [1.7e308, 1.7e308]) histogram.series().observe(value);
    expect(sampleValue(writeText([histogram]), 'wait_seconds_sum', {})).to.equal(Number.MAX_VALUE);
    for (const value of [-1.7e308, -1.7e308, -1.7e308]) histogram.series().record(value);
    expect(sampleValue(writeText([histogram]), 'wait_seconds_sum', {})).to.equal(-Number.MAX_VALUE);
    expect(sampleValue(writeText([histogram]), 'wait_seconds_count', {})).to.equal(5);
  });

  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '5', undefined, 5n]) {
    it(`rejects ${typeof value} ${String(value)} and counts nothing`, () => {
      const histogram = histogramOf([1]);
      histogram.series().observe(0.5);
      const before = writeText([histogram]);
      expect(() => histogram.series().observe(value as number)).to.throw(
        InvalidValueError,
        `wait_seconds got ${shownNumber(value)}; expected a finite number.`,
      );
      expect(writeText([histogram])).to.equal(before);
    });
  }

  it('is consistent for any bounds and any finite observations', () => {
    const bounds = fc
      .uniqueArray(finite, { minLength: 1, maxLength: 12, comparator: (a, b) => a === b })
      .map((some) => some.sort((a, b) => a - b));
    const observed = bounds.chain((buckets) =>
      fc.tuple(fc.constant(buckets), fc.array(fc.oneof(finite, fc.constantFrom(...buckets)), { maxLength: 40 })),
    );
    fc.assert(
      fc.property(observed, ([buckets, values]) => {
        const histogram = histogramOf(buckets);
        for (const value of values) histogram.series().observe(value);
        const samples = parseText(writeText([histogram]))[0]?.samples ?? [];
        if (values.length === 0) {
          expect(samples).to.deep.equal([]);
          return;
        }
        expect(samples.map(({ name }) => name)).to.deep.equal([
          ...[...buckets, Number.POSITIVE_INFINITY].map(() => 'wait_seconds_bucket'),
          ...['wait_seconds_sum', 'wait_seconds_count'],
        ]);
        expect(samples.map(({ value }) => value)).to.deep.equal([
          ...buckets.map((bound) => values.filter((value) => value <= bound).length),
          values.length,
          values.reduce((sum, value) => saturated(sum + value), 0),
          values.length,
        ]);
      }),
    );
  });
});
