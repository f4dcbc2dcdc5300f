import { expect } from 'chai';
import { CommandArguments } from '../../../cli/command/command-arguments.js';
import { UsageError } from '../../../cli/errors/usage-error.js';
import { readResilience } from '../../../cli/flags/resilience.js';

const read = (values: Readonly<Record<string, unknown>>) => readResilience(new CommandArguments('run', values));

describe('the flags of resilience', () => {
  it('result in no settings without flags', () => {
    expect(read({})).to.deep.equal({ resilience: {} });
  });

  it('result in the same settings as in a graph file', () => {
    expect(
      read({
        timeout: '2.5',
        retries: '0',
        'breaker-failures': '3',
        'requests-per-minute': '60',
        'tokens-per-minute': '100000',
        'rate-store': 'redis://127.0.0.1:6379',
        fallback: ['ollama/llama3', 'small'],
      }),
    ).to.deep.equal({
      resilience: {
        timeout: 2.5,
        retry: { attempts: 1 },
        breaker: { failures: 3 },
        rate: { requests_per_minute: 60, tokens_per_minute: 100_000, store: 'redis://127.0.0.1:6379' },
      },
      fallback: ['ollama/llama3', 'small'],
    });
    expect(read({ fallback: 'embedded' })).to.deep.include({ fallback: ['embedded'] });
  });

  const refused: readonly (readonly [Readonly<Record<string, unknown>>, RegExp])[] = [
    [{ timeout: '0' }, /^--timeout got 0; expected seconds above 0/],
    [{ retries: '-1' }, /^--retries got "-1"; expected a whole number from 0 to 99\.$/],
    [{ retries: '1.5' }, /^--retries got "1\.5"; /],
    [{ 'breaker-failures': '0' }, /^--breaker-failures got "0"; expected a whole number from 1 /],
    [{ 'requests-per-minute': 'many' }, /^--requests-per-minute got "many"; /],
    [{ 'rate-store': 'http://me:secret@host' }, /^--rate-store got an invalid address; expected redis:\/\/HOST:PORT/],
    [{ fallback: 'olama/llama3' }, /^--fallback got "olama\/llama3"; expected a model such as .*ollama/],
    [{ fallback: 'openai/' }, /^--fallback got "openai\/"; expected a model such as .*ollama/],
    [{ fallback: ['embedded', ' '] }, /^--fallback got an empty value; expected a model such as /],
  ];
  for (const [values, message] of refused) {
    it(`reject ${JSON.stringify(values)}`, () => {
      expect(() => read(values)).to.throw(UsageError, message);
    });
  }
});
