import { expect } from 'chai';
import { MetricsConfigurationError } from '../../../lib/core/errors/errors.js';
import { checkLabelNames } from '../../../lib/core/metrics/check-label-names.js';

describe('checkLabelNames', () => {
  const metrics = [{ name: 'calls_total', labels: ['node', 'graph'] }, { name: 'level' }];

  it('accepts names that are valid and new', () => {
    expect(() => checkLabelNames('labels', ['tenant', '_team', 'Zone2'], metrics)).not.to.throw();
    expect(() => checkLabelNames('labels', [], metrics)).not.to.throw();
  });

  const invalid: readonly (readonly [names: readonly string[], message: string])[] = [
    [['a b'], 'labels contains "a b"; expected letters, digits and _, not starting with a digit or __.'],
    [[''], 'labels contains ""; expected letters, digits and _, not starting with a digit or __.'],
    [['2nd'], 'labels contains "2nd"; expected letters, digits and _, not starting with a digit or __.'],
    [['__name__'], 'labels contains "__name__"; expected letters, digits and _, not starting with a digit or __.'],
    [['le'], 'labels contains "le", which is reserved for buckets of histograms; choose another name.'],
    [['quantile'], 'labels contains "quantile", which is reserved for quantiles of summaries; choose another name.'],
    [['job'], 'labels contains "job", which Prometheus sets itself; choose another name.'],
    [['ok', 'instance'], 'labels contains "instance", which Prometheus sets itself; choose another name.'],
    [['tenant', 'team', 'tenant'], 'labels contains "tenant" twice; remove one of them.'],
    [['graph'], 'labels contains "graph", which is a label of calls_total; choose another name.'],
  ];
  for (const [names, message] of invalid) {
    it(`rejects with: ${message}`, () => {
      expect(() => checkLabelNames('labels', names, metrics)).to.throw(MetricsConfigurationError, message);
    });
  }

  it('is not confused by names of inherited properties', () => {
    expect(() => checkLabelNames('labels', ['toString', 'constructor'], metrics)).not.to.throw();
  });
});
