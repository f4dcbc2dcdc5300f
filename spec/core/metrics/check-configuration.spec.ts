import { expect } from 'chai';
import { MetricsConfigurationError } from '../../../lib/core/errors/errors.js';
import { checkConfiguration } from '../../../lib/core/metrics/check-configuration.js';

describe('checkConfiguration', () => {
  it('accepts every option, and no options', () => {
    for (const configuration of [
      {},
      { maxSeriesPerMetric: 1, buckets: { wait_seconds: [1] }, exclude: ['calls_total'] },
      { maxSeriesPerMetric: undefined, buckets: undefined, exclude: undefined },
    ]) {
      expect(() => checkConfiguration(configuration)).to.not.throw();
    }
  });

  const invalid: readonly (readonly [configuration: unknown, message: string])[] = [
    [7, 'The configuration is 7; expected an object.'],
    [null, 'The configuration is null; expected an object.'],
    [undefined, 'The configuration is undefined; expected an object.'],
    [[], 'The configuration is a list; expected an object.'],
    [{ maxSeries: 5 }, 'Unknown option "maxSeries"; expected maxSeriesPerMetric, buckets or exclude.'],
    [{ maxSeriesPerMetric: 0 }, 'maxSeriesPerMetric is 0; expected a whole number from 1.'],
    [{ maxSeriesPerMetric: 1.5 }, 'maxSeriesPerMetric is 1.5; expected a whole number from 1.'],
    [{ maxSeriesPerMetric: Number.NaN }, 'maxSeriesPerMetric is NaN; expected a whole number from 1.'],
    [{ maxSeriesPerMetric: '7' }, 'maxSeriesPerMetric is "7"; expected a whole number from 1.'],
    [{ maxSeriesPerMetric: null }, 'maxSeriesPerMetric is null; expected a whole number from 1.'],
    [{ buckets: [1, 2] }, 'buckets is a list; expected an object of bounds by histogram name.'],
    [{ buckets: { wait_seconds: 5 } }, 'buckets.wait_seconds is 5; expected a list of bounds.'],
    [{ exclude: 'calls_total' }, 'exclude is "calls_total"; expected a list of metric names.'],
  ];
  for (const [configuration, message] of invalid) {
    it(`rejects with: ${message}`, () => {
      expect(() => checkConfiguration(configuration)).to.throw(MetricsConfigurationError, message);
    });
  }
});
