import { expect } from 'chai';
import fc from 'fast-check';
import { nearest, suggestion } from '../../../lib/core/yaml/nearest.js';

describe('nearest', () => {
  const names = ['entry', 'router', 'model', 'tool', 'exit'];

  it('finds the name for a typo', () => {
    expect(nearest('ruoter', names)).to.equal('router');
    expect(nearest('Model', names)).to.equal('model');
    expect(nearest('entri', names)).to.equal('entry');
    expect(nearest('tol', names)).to.equal('tool');
    expect(nearest('rnu', ['run', 'metrics'])).to.equal('run');
  });

  it('returns undefined if no name is similar', () => {
    expect(nearest('oracle', names)).to.equal(undefined);
    expect(nearest('', names)).to.equal(undefined);
    expect(nearest('x', [])).to.equal(undefined);
  });

  it('finds any name with one letter changed', () => {
    fc.assert(
      fc.property(fc.constantFrom('calculator', 'keywords', 'multi_domain'), fc.nat(), (name, at) => {
        const index = at % name.length;
        expect(nearest(`${name.slice(0, index)}~${name.slice(index + 1)}`, [name, 'unlike'])).to.equal(name);
      }),
    );
  });

  it('returns a suggestion or an empty text', () => {
    expect(suggestion('exot', names)).to.equal(' Did you mean "exit"?');
    expect(suggestion('oracle', names)).to.equal('');
  });
});
