import { expect } from 'chai';
import { formatValue, type Unit } from '../../../../lib/core/server/page/format-value.js';

describe('formatValue', () => {
  const cases: readonly (readonly [value: number | null | undefined, unit: Unit, text: string])[] = [
    [0, 'seconds', '0 ms'],
    [0.0000095, 'seconds', '9.5 µs'],
    [0.0042, 'seconds', '4.2 ms'],
    [0.5, 'seconds', '500 ms'],
    [2.345, 'seconds', '2.35 s'],
    [0.1234, 'per second', '0.12/s'],
    [5, 'per second', '5/s'],
    [12.34, 'per second', '12.3/s'],
    [1_234.5, 'per second', '1,235/s'],
    [0, 'percent', '0 %'],
    [12_345, 'count', '12,345'],
    [1, 'state', 'half-open'],
    [null, 'count', '–'],
    [undefined, 'seconds', '–'],
    [Number.NaN, 'percent', '–'],
  ];
  for (const [value, unit, text] of cases) {
    it(`writes ${value} of ${unit} as ${text}`, () => {
      expect(formatValue(value, unit)).to.equal(text);
    });
  }
});
