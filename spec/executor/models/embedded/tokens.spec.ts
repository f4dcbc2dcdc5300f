import { expect } from 'chai';
import fc from 'fast-check';
import { tokensOf } from '../../../../lib/executor/models/embedded/tokens.js';

describe('tokensOf', () => {
  it('takes words, numbers and punctuation marks for tokens', () => {
    expect(tokensOf('3.1 miles, please')).to.deep.equal(['3.1', ' miles', ',', ' please']);
    expect(tokensOf('What is 2+2?')).to.deep.equal(['What', ' is', ' 2', '+', '2', '?']);
    expect(tokensOf('')).to.deep.equal([]);
  });

  it('loses nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(tokensOf(text).join('')).to.equal(text);
      }),
    );
  });
});
