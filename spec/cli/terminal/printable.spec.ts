import { expect } from 'chai';
import fc from 'fast-check';
import { printable } from '../../../cli/terminal/printable.js';

describe('printable', () => {
  it('replaces control characters, line breaks and invisible characters', () => {
    expect(printable('a\u001b[2J\r\nb\u009bc\u202ed\u200b')).to.equal('a�[2J��b�c�d�');
    expect(printable('Zoë & 日本 "👩"')).to.equal('Zoë & 日本 "👩"');
  });

  it('returns one line without control characters for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).to.not.match(/\p{C}/u);
      }),
    );
  });
});
