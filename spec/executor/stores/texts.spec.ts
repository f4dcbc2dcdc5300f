import { expect } from 'chai';
import fc from 'fast-check';
import { hasTexts } from '../../../lib/executor/stores/texts.js';

describe('hasTexts', () => {
  it('holds of an object with all of the texts', () => {
    expect(hasTexts({ text: '', model: 'm', more: 1 }, ['text', 'model'])).to.equal(true);
  });

  it('holds of nothing else', () => {
    for (const value of [undefined, null, 'text', [], { text: 'a' }, { text: 'a', model: 1 }]) {
      expect(hasTexts(value, ['text', 'model']), JSON.stringify(value)).to.equal(false);
    }
  });

  it('throws of nothing that JSON can hold', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => typeof hasTexts(value, ['text', '__proto__']) === 'boolean'));
  });
});
