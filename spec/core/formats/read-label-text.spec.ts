import { expect } from 'chai';
import fc from 'fast-check';
import { formatPairs } from '../../../lib/core/formats/escape.js';
import { mayHaveQuotedName, readLabelText } from '../../../lib/core/formats/read-label-text.js';

describe('readLabelText', () => {
  it('reads the labels that formatPairs writes, for any names and values', () => {
    const pair = fc.tuple(fc.string({ minLength: 1, unit: 'binary' }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(pair), (pairs) => {
        expect(readLabelText(formatPairs(pairs))).to.deep.equal(pairs);
      }),
    );
  });
});

describe('mayHaveQuotedName', () => {
  it('is true for every label text with a quoted name', () => {
    for (const text of ['"a b"="1"', 'a="1","b.c"="2"', 'a="1,"']) expect(mayHaveQuotedName(text)).to.equal(true);
    for (const text of ['', 'a=""', 'a="1",b="\\",\\""']) expect(mayHaveQuotedName(text)).to.equal(false);
  });
});
