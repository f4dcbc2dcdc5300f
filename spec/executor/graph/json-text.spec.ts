import { expect } from 'chai';
import fc from 'fast-check';
import { jsonIn, valueAt } from '../../../lib/executor/graph/json-text.js';

describe('jsonIn', () => {
  const cases: readonly [what: string, text: string, value: unknown][] = [
    ['JSON', ' {"a":1} ', { a: 1 }],
    ['a fence', 'So:\n```json\n[1]\n```\nand [2]', [1]],
    ['a fence without a language', 'So:\n```\n[1]\n``` or so]', [1]],
    ['a fence in capitals, indented', '```JSON \n   [1]```]', [1]],
    ['a fence after inline code', 'Use ```a``` or\n```json\n[1]\n```]', [1]],
    ['a fence with more backticks', '````\n[1]\n````]', [1]],
    ['brackets in prose', 'The result: {"n": 0}.', { n: 0 }],
    ['an unclosed fence', '```json\n[1]', [1]],
  ];
  for (const [what, text, value] of cases) {
    it(`reads ${what}`, () => expect(jsonIn(text)).to.deep.equal(value));
  }

  it('returns undefined without JSON', () => {
    for (const text of ['', 'no', '```\n```', '```js\n1\n```', '][']) expect(jsonIn(text), text).to.equal(undefined);
  });

  it('finds fenced JSON in any surrounding text', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('`')),
        fc.jsonValue(),
        (before, value) => {
          const text = `${before}.\n\`\`\`json\n${JSON.stringify(value)}\n\`\`\`\n]`;
          expect(JSON.stringify(jsonIn(text))).to.equal(JSON.stringify(value));
        },
      ),
    );
  });

  it('searches 1 MiB of fences, line breaks and brackets in a short time', () => {
    const size = 2 ** 20;
    const parts = ['\n', '```\n', '``` \n', '```', '`', '[', '{', '```json\n', ' '];
    for (const part of parts) expect(jsonIn(`\`\`\`${part.repeat(size / part.length)}`)).to.equal(undefined);
  }).timeout(5_000);
});

describe('valueAt', () => {
  it('returns undefined for a value that is nested too deeply to serialize', () => {
    const depth = 400_000;
    const nested = jsonIn(`{"a":${'['.repeat(depth)}${']'.repeat(depth)},"b":1}`);
    expect(valueAt(nested, ['a'])).to.equal(undefined);
    expect(valueAt(nested, ['b'])).to.equal('1');
  });
});
