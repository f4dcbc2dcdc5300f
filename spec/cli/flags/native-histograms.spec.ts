import { expect } from 'chai';
import { CommandArguments } from '../../../cli/command/command-arguments.js';
import { UsageError } from '../../../cli/errors/usage-error.js';
import { readNativeHistograms } from '../../../cli/flags/native-histograms.js';

describe('readNativeHistograms', () => {
  const latency = 'tinyllm_request_latency_seconds';
  const read = (given?: string | readonly string[], environment: NodeJS.ProcessEnv = {}) => {
    const values = { _: ['demo'], ...(given !== undefined && { 'native-histograms': given }) };
    return readNativeHistograms(new CommandArguments('demo', values), environment);
  };

  it('reads one or several flags. Without a value, the flag means on', () => {
    expect(read('')).to.equal(true);
    expect(read('off')).to.equal(false);
    expect(read('factor=1.05')).to.deep.equal({ factor: 1.05 });
    expect(read(['', `${latency}:off`])).to.deep.equal({ default: true, [latency]: false });
  });

  it('leaves a valid value of the environment to the library', () => {
    expect(read()).to.equal(undefined);
    expect(read(undefined, { TINYLLM_NATIVE_HISTOGRAMS: '' })).to.equal(undefined);
    expect(read(undefined, { TINYLLM_NATIVE_HISTOGRAMS: 'on' })).to.equal(undefined);
    expect(read('off', { TINYLLM_NATIVE_HISTOGRAMS: 'on' })).to.equal(false);
  });

  it('names the flag or the variable in errors', () => {
    const refused: readonly (readonly [Parameters<typeof read>, string])[] = [
      [
        ['always'],
        '--native-histograms got "always"; expected on, off or options such as factor=1.05,max-buckets=320.',
      ],
      [[['', 'off']], '--native-histograms got two choices for all histograms; give one.'],
      [
        [undefined, { TINYLLM_NATIVE_HISTOGRAMS: 'always' }],
        'TINYLLM_NATIVE_HISTOGRAMS got "always"; expected on, off',
      ],
      [['on', { TINYLLM_NATIVE_HISTOGRAMS: 'factor=1' }], 'TINYLLM_NATIVE_HISTOGRAMS got the factor "1"; expected'],
    ];
    for (const [given, message] of refused) expect(() => read(...given)).to.throw(UsageError, message);
  });
});
