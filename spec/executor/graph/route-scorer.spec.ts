import { expect } from 'chai';
import fc from 'fast-check';
import { GraphRunError } from '../../../lib/executor/errors/graph-errors.js';
import { RouteScorer } from '../../../lib/executor/graph/route-scorer.js';

describe('RouteScorer', () => {
  it('counts keywords and matches of the pattern', () => {
    const scorer = new RouteScorer([['math', { keywords: ['sum', 'plus'], pattern: /\d\+\d/g }]]);
    expect(scorer.best('the sum of 1+2, 3+4 plus more plus')).to.deep.equal({ route: 'math', score: 4 });
  });

  it('selects the route with the most clues', () => {
    const scorer = new RouteScorer([
      ['math', { keywords: ['function'] }],
      ['code', { keywords: ['function', 'python'] }],
    ]);
    expect(scorer.best('a Python function')?.route).to.equal('code');
  });

  it('selects the first of equal scores, and no route without clues', () => {
    const scorer = new RouteScorer([
      ['one', { keywords: ['word'] }],
      ['two', { keywords: ['word'] }],
    ]);
    expect(scorer.best('a word')).to.deep.equal({ route: 'one', score: 1 });
    expect(scorer.best('nothing')).to.equal(undefined);
  });

  it('counts a keyword once, in any case, as a whole word in any script', () => {
    const scorer = new RouteScorer([['a', { keywords: ['plus', 'PLUS', 'größe', 'c++', 'square  root'] }]]);
    const score = (question: string) => scorer.best(question)?.score;
    expect(score('Plus plus PLUS')).to.equal(1);
    expect(score('surplus plusses plus_')).to.equal(undefined);
    expect(score('die Größe')).to.equal(1);
    expect(score('Größen')).to.equal(undefined);
    expect(score('in C++, please')).to.equal(1);
    expect(score('the square\n root')).to.equal(1);
  });

  it('does not count empty matches', () => {
    expect(new RouteScorer([['a', { keywords: [], pattern: /x*/g }]]).best('nothing here')).to.equal(undefined);
  });

  it('searches a question of 1 MiB for phrases in a short time', () => {
    const scorer = new RouteScorer([['a', { keywords: ['square root of', '- -', 'c++'] }]]);
    for (const part of ['square ', 'square root ', 'square'.padEnd(2 ** 19), '- -', '-', 'c+', ' ', 'square\n']) {
      const question = part.repeat(Math.ceil(2 ** 20 / part.length));
      expect(scorer.best(`${question} c++`)?.route).to.equal('a');
    }
  }).timeout(5_000);

  it('stops a pattern that takes too long, and names its route', () => {
    const scorer = new RouteScorer([['math', { keywords: [], pattern: /^(a+)+$/g }]]);
    expect(() => scorer.best(`${'a'.repeat(60)}!`)).to.throw(
      GraphRunError,
      /^The pattern of the route "math" took more than 1 s on this text; avoid nested repetitions/,
    );
  });

  it('finds any separate keyword, whatever characters it contains', () => {
    const keyword = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(keyword, (word) => {
        expect(new RouteScorer([['a', { keywords: [word] }]]).best(`so: ${word} .`)?.score).to.equal(1);
      }),
    );
  });
});
