import { expect } from 'chai';
import { run } from '../../../cli/commands/run/declaration.js';
import { worker } from '../../../cli/commands/worker/declaration.js';
import { UsageError } from '../../../cli/errors/usage-error.js';
import { readProgram } from '../../../cli/program/program.js';

describe('flags of a batch', () => {
  const values: Readonly<Record<string, string>> = {
    workers: '2',
    rate: '10/s',
    provider: 'openai',
    'base-url': 'http://127.0.0.1:8080/v1',
    model: 'm',
    cache: 'memory',
    timeout: '1',
    retries: '1',
    fallback: 'embedded',
    'breaker-failures': '1',
    'requests-per-minute': '1',
    'tokens-per-minute': '1',
    'rate-store': 'redis://r',
  };
  const names: Readonly<Record<string, string>> = { workers: 'concurrency' };

  for (const [flag, value] of Object.entries(values)) {
    const name = names[flag] ?? flag;
    it(`rejects --${flag} with --queue, and names --${name} of the worker`, () => {
      expect(run.flags).to.include.keys(flag);
      expect(worker.flags).to.include.keys(name);
      const args = ['--queue', 'redis://r'];
      expect(() => readProgram(['run', '--file', 'f', ...args, `--${flag}`, value])).to.throw(
        UsageError,
        `--${flag} cannot be combined with --queue; pass --${name} to \`tinyllm worker\` instead.`,
      );
      expect(readProgram(['worker', ...args, `--${name}`, value]).kind).to.equal('command');
    });
  }

  it('rejects every flag of the models with --queue', () => {
    const ofModels = Object.entries(run.flags).filter(([, { group }]) => group === 'Models:');
    expect(ofModels).not.to.have.length(0);
    expect(values).to.include.keys(ofModels.map(([flag]) => flag));
  });
});
