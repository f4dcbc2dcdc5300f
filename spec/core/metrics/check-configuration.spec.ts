import { expect } from 'chai';
import { MetricsConfigurationError } from '../../../lib/core/errors/errors.js';
import { checkConfiguration } from '../../../lib/core/metrics/check-configuration.js';

describe('checkConfiguration', () => {
  it('accepts every option, and no options', () => {
    for (const configuration of [
      {},
      { maxSeriesPerMetric: 1, buckets: { wait_seconds: [1] }, exclude: ['calls_total'] },
      { maxSeriesPerMetric: undefined, buckets: undefined, exclude: undefined },
      { labels: ['tenant'], constantLabels: { env: 'prod' }, dropLabels: { calls_total: ['of'] } },
      { labels: undefined, constantLabels: undefined, dropLabels: undefined },
      { graphContext: true, enabled: false },
      { graphContext: undefined, enabled: undefined },
    ]) {
      expect(() => checkConfiguration(configuration)).to.not.throw();
    }
  });

  const invalid: readonly (readonly [configuration: unknown, message: string])[] = [
    [7, 'The configuration is 7; expected an object.'],
    [null, 'The configuration is null; expected an object.'],
    [undefined, 'The configuration is undefined; expected an object.'],
    [[], 'The configuration is a list; expected an object.'],
    [
      { maxSeries: 5 },
      'Unknown option "maxSeries"; expected maxSeriesPerMetric, buckets, nativeHistograms, exclude, labels, constantLabels, dropLabels, graphContext or enabled.',
    ],
    [{ maxSeriesPerMetric: 0 }, 'maxSeriesPerMetric is 0; expected a whole number from 1.'],
    [{ maxSeriesPerMetric: 1.5 }, 'maxSeriesPerMetric is 1.5; expected a whole number from 1.'],
    [{ maxSeriesPerMetric: Number.NaN }, 'maxSeriesPerMetric is NaN; expected a whole number from 1.'],
    [{ maxSeriesPerMetric: '7' }, 'maxSeriesPerMetric is "7"; expected a whole number from 1.'],
    [{ maxSeriesPerMetric: null }, 'maxSeriesPerMetric is null; expected a whole number from 1.'],
    [{ buckets: [1, 2] }, 'buckets is a list; expected an object of bounds by histogram name.'],
    [{ buckets: { wait_seconds: 5 } }, 'buckets.wait_seconds is 5; expected a list of bounds.'],
    [{ exclude: 'calls_total' }, 'exclude is "calls_total"; expected a list of metric names.'],
    [{ exclude: [7] }, 'exclude[0] is 7; expected a string.'],
    [{ labels: 'tenant' }, 'labels is "tenant"; expected a list of label names.'],
    [{ labels: ['tenant', null] }, 'labels[1] is null; expected a string.'],
    [{ constantLabels: ['env'] }, 'constantLabels is a list; expected an object of values by label name.'],
    [{ constantLabels: { env: 1 } }, 'constantLabels.env is 1; expected a string.'],
    [{ dropLabels: ['calls_total'] }, 'dropLabels is a list; expected an object of label names by metric name.'],
    [{ dropLabels: { calls_total: 'of' } }, 'dropLabels.calls_total is "of"; expected a list of label names.'],
    [{ graphContext: 'yes' }, 'graphContext is "yes"; expected true or false.'],
    [{ enabled: 0 }, 'enabled is 0; expected true or false.'],
  ];
  for (const [configuration, message] of invalid) {
    it(`rejects with: ${message}`, () => {
      expect(() => checkConfiguration(configuration)).to.throw(MetricsConfigurationError, message);
    });
  }
});
