import { expect } from 'chai';
import fc from 'fast-check';
import { hasStrings } from '../../../lib/executor/stores/has-strings.js';

describe('hasStrings', () => {
  it('accepts an object with all of the strings', () => {
    expect(hasStrings({ text: '', model: 'm', more: 1 }, ['text', 'model'])).to.equal(true);
  });

  it('rejects other values', () => {
    for (const value of [undefined, null, 'text', [], { text: 'a' }, { text: 'a', model: 1 }]) {
      expect(hasStrings(value, ['text', 'model']), JSON.stringify(value)).to.equal(false);
    }
  });

  it('never throws for a JSON value', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => typeof hasStrings(value, ['text', '__proto__']) === 'boolean'));
  });
});
