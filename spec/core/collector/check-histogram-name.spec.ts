import { expect } from 'chai';
import { catalog } from '../../../lib/core/catalog/catalog.js';
import { checkHistogramName } from '../../../lib/core/collector/check-histogram-name.js';
import { MetricsConfigurationError } from '../../../lib/core/errors/errors.js';

describe('checkHistogramName', () => {
  const check = (name: string) => checkHistogramName(name, '--flag', 'only histograms have it');

  it('accepts every histogram of the catalog, and no other metric of it', () => {
    for (const { name, kind } of Object.values(catalog)) {
      if (kind === 'histogram') check(name);
      else {
        const message = `--flag got ${name}, which is a ${kind}; only histograms have it.`;
        expect(() => check(name)).to.throw(MetricsConfigurationError, message);
      }
    }
  });

  it('suggests a similar name, or lists all names', () => {
    expect(() => check('tinyllm_request_latency_second')).to.throw(
      '--flag got the metric "tinyllm_request_latency_second"; expected a histogram of TinyLLM. Did you mean "tinyllm_request_latency_seconds"?',
    );
    expect(() => check('')).to.throw(
      '--flag got an empty name; expected a histogram of TinyLLM. Expected one of tinyllm_request_latency_seconds, ',
    );
    expect(() => check('toString')).to.throw('--flag got the metric "toString"; expected a histogram of TinyLLM.');
  });
});
