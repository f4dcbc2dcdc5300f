import { expect } from 'chai';
import { numberWordsToDigits } from '../../../../lib/executor/models/embedded/number-words.js';

const cases: Readonly<Record<string, string>> = {
  seven: '7',
  'twenty-three': '23',
  'Twenty three': '23',
  'one hundred and five': '105',
  'a hundred': '100',
  'two thousand and five': '2005',
  'three hundred thousand': '300000',
  'one million two hundred thousand and one': '1200001',
  '3.5 million': '3500000',
  '1.1 million': '1100000',
  'a dozen': '12',
  'three point one four': '3.14',
  'zero point five': '0.5',
  'seven eight': '7 8',
  'two and three': '2 and 3',
  'five - three': '5 - 3',
  'twenty plus two': '20 plus 2',
  'someone weighs a tonne': 'someone weighs a tonne',
  '12 cats': '12 cats',
  'two thousand, three hundred': '2300',
  'sum of two thousand, three hundred': 'sum of 2000, 300',
  'half of two thousand and four': 'half of 2004',
};

describe('numberWordsToDigits', () => {
  for (const [words, digits] of Object.entries(cases)) {
    it(`${words} -> ${digits}`, () => {
      expect(numberWordsToDigits(words)).to.equal(digits);
    });
  }
});
