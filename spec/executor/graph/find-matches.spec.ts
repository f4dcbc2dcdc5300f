import { expect } from 'chai';
import fc from 'fast-check';
import { GraphRunError } from '../../../lib/executor/errors/graph-errors.js';
import { findMatches, matchesOf } from '../../../lib/executor/graph/find-matches.js';

describe('findMatches', () => {
  it('finds every match, with its groups', () => {
    expect(findMatches(/(\d)\d*/g, '1 22 333')?.map(([all, first]) => [all, first])).to.deep.equal([
      ['1', '1'],
      ['22', '2'],
      ['333', '3'],
    ]);
  });

  it('finds the matches in any text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', ' ', '\n', 'é')), (letters) => {
        const count = letters.filter((letter) => letter === 'a').length;
        expect(findMatches(/a/gu, letters.join(''))).to.have.length(count);
      }),
    );
  });

  it('stops a search that takes too long, and can search again', () => {
    expect(findMatches(/^(a+)+$/g, `${'a'.repeat(60)}!`, 20)).to.equal(undefined);
    expect(findMatches(/a/g, 'aa')).to.have.length(2);
  });

  it('names the owner of a pattern that takes too long', () => {
    expect(() => matchesOf(/^(a+)+$/g, `${'a'.repeat(60)}!`, 'the gate')).to.throw(
      GraphRunError,
      'The pattern of the gate',
    );
  });
});
