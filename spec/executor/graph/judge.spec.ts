import { expect } from 'chai';
import { readVerdict } from '../../../lib/executor/graph/judge.js';

describe('readVerdict', () => {
  const cases: readonly [text: string, verdict: string][] = [
    ['yes', 'yes'],
    ['**No**, because …', 'no'],
    ['Yes, no doubt', 'yes'],
    ['The answer is yes.', 'yes'],
    ['{"verdict": "no"}', 'no'],
    ['I am not sure', 'unclear'],
    ['Perhaps yes, perhaps no', 'unclear'],
    ['Eyes and noses', 'unclear'],
    ['', 'unclear'],
  ];
  for (const [text, verdict] of cases) {
    it(`reads ${JSON.stringify(text)} as ${verdict}`, () => expect(readVerdict(text)).to.equal(verdict));
  }
});
