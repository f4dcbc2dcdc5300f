import { expect } from 'chai';
import fc from 'fast-check';
import { countMatches } from '../../lib/graph/count-matches.js';

describe('countMatches', () => {
  it('counts what is not empty', () => {
    expect(countMatches(/\d+/g, '1 22 333')).to.equal(3);
    expect(countMatches(/x*/g, 'nothing here')).to.equal(0);
  });

  it('counts what stands in any text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', ' ', '\n', 'é')), (letters) => {
        const count = letters.filter((letter) => letter === 'a').length;
        expect(countMatches(/a/gu, letters.join(''))).to.equal(count);
      }),
    );
  });

  it('gives a search up that finds no end, and searches on', () => {
    expect(countMatches(/^(a+)+$/g, `${'a'.repeat(60)}!`, 20)).to.equal(undefined);
    expect(countMatches(/a/g, 'aa')).to.equal(2);
  });
});
