import { expect } from 'chai';
import { checkMetricsSwitch } from '../../../../cli/commands/doctor/check-metrics-switch.js';
import { withMetricsVariable } from '../../../support/metrics-variable.js';

describe('checkMetricsSwitch', () => {
  it('returns nothing if the metrics are on', () => {
    for (const value of [undefined, '', 'on', ' ON ']) {
      expect(withMetricsVariable(value, checkMetricsSwitch)).to.deep.equal([]);
    }
  });

  it('notes that the metrics are off', () => {
    for (const value of ['off', ' OFF ']) {
      expect(withMetricsVariable(value, checkMetricsSwitch)).to.deep.equal([
        {
          check: 'switch',
          verdict: 'note',
          found: 'TINYLLM_METRICS=off disables all metrics',
          fix: 'unset TINYLLM_METRICS to record metrics',
        },
      ]);
    }
  });

  it('fails for an invalid value', () => {
    expect(withMetricsVariable('of', checkMetricsSwitch)).to.deep.equal([
      {
        check: 'switch',
        verdict: 'failed',
        found: 'The environment variable TINYLLM_METRICS is "of"',
        fix: 'set TINYLLM_METRICS to on or off, or unset it',
      },
    ]);
  });
});
