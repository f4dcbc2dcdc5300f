import { expect } from 'chai';
import { catalog } from '../../../lib/core/catalog/catalog.js';
import { checkHistogramName, isHistogramName } from '../../../lib/core/collector/check-histogram-name.js';
import { MetricsConfigurationError } from '../../../lib/core/errors/errors.js';

describe('checkHistogramName', () => {
  const check = (name: string) => checkHistogramName(name, { source: '--flag', rule: 'only histograms have it' });

  it('accepts every histogram of the catalog, and no other metric of it', () => {
    for (const { name, kind } of Object.values(catalog)) {
      expect(isHistogramName(name)).to.equal(kind === 'histogram');
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

  it('accepts the excepted names, but does not offer them', () => {
    const scrape = catalog.scrapeDuration.name;
    const options = { source: '--flag', rule: 'only histograms have it', except: new Set([scrape]) };
    expect(() => checkHistogramName(scrape, options)).to.not.throw();
    for (const name of ['', `${scrape}s`]) {
      expect(() => checkHistogramName(name, options))
        .to.throw(MetricsConfigurationError)
        .with.property('message')
        .not.contain(`"${scrape}"`)
        .and.not.contain(`, ${scrape}`);
    }
  });
});
