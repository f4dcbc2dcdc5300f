import { expect } from 'chai';
import { type Preference, parsePreferences } from '../../../lib/core/formats/preferences.js';

describe('parsePreferences', () => {
  const plain = ({ value, parameters, quality }: Preference) => ({ value, ...Object.fromEntries(parameters), quality });

  it('reads entries, their parameters and their quality', () => {
    expect(parsePreferences('text/plain; Version=0.0.4;q=0.5 ,\t*/* ; q = 0').map(plain)).to.deep.equal([
      { value: 'text/plain', version: '0.0.4', quality: 0.5 },
      { value: '*/*', quality: 0 },
    ]);
  });

  it('reads the text of a quoted value', () => {
    expect(parsePreferences('a/b;c="d,e;q=0\\"f";g=h, i/j').map(plain)).to.deep.equal([
      { value: 'a/b', c: 'd,e;q=0"f', g: 'h', quality: 1 },
      { value: 'i/j', quality: 1 },
    ]);
  });

  it('ignores empty entries and those with an invalid quality', () => {
    const header = ', ,a;q=1.5,b;q=,c;q=.5,d;q=-0,e;q=1.0001,f;q=0x1,g;q=0.123';
    expect(parsePreferences(header).map(plain)).to.deep.equal([{ value: 'g', quality: 0.123 }]);
  });

  it('reads only the first 100 entries of a long header', () => {
    const read = parsePreferences(Array.from({ length: 8_000 }, (_, index) => `a/${index}`).join());
    expect(read.map(({ value }) => value)).to.deep.equal(Array.from({ length: 100 }, (_, index) => `a/${index}`));
  });
});
