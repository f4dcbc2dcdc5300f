import { expect } from 'chai';
import { CommandArguments } from '../../../cli/command/command-arguments.js';
import { UsageError } from '../../../cli/errors/usage-error.js';
import { checkMetricsSwitch } from '../../../cli/flags/metrics-switch.js';

describe('checkMetricsSwitch', () => {
  const check = (value: string | undefined): void =>
    checkMetricsSwitch(new CommandArguments('metrics', { _: ['metrics'] }), { TINYLLM_METRICS: value });

  it('accepts on, off and no value', () => {
    for (const value of [undefined, '', 'on', 'off', ' Off ']) expect(() => check(value)).to.not.throw();
  });

  it('rejects every other value', () => {
    const message = 'The environment variable TINYLLM_METRICS is "false"; expected on or off.';
    expect(() => check('false')).to.throw(UsageError, message);
  });
});
