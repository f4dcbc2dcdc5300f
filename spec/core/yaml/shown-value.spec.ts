import { expect } from 'chai';
import { shownValue } from '../../../lib/core/yaml/shown-value.js';

describe('shownValue', () => {
  const cases: readonly [value: unknown, quoted: string, hidden: string][] = [
    [undefined, 'missing', 'missing'],
    [null, 'empty', 'empty'],
    [[], 'an empty list', 'an empty list'],
    [['secret'], 'a list', 'a list'],
    [{}, 'an empty map', 'an empty map'],
    [{ key: 'secret' }, 'a map', 'a map'],
    ['secret', '"secret"', 'a text'],
    [42, '42', 'a number'],
    [true, 'true', 'a boolean'],
  ];
  for (const [value, quoted, hidden] of cases) {
    it(`describes ${JSON.stringify(value)} as ${quoted}, and without quoting as ${hidden}`, () => {
      expect([shownValue(value, true), shownValue(value, false)]).to.deep.equal([quoted, hidden]);
    });
  }
});
