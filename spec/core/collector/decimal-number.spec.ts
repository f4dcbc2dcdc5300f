import { expect } from 'chai';
import fc from 'fast-check';
import { decimalNumber } from '../../../lib/core/collector/decimal-number.js';

describe('decimalNumber', () => {
  it('reads decimal numbers with and without an exponent', () => {
    for (const [text, number] of [
      ['.1', 0.1],
      ['120', 120],
      ['+3.', 3],
      ['-2.5', -2.5],
      ['1e-3', 0.001],
      ['1E2', 100],
    ] as const) {
      expect(decimalNumber(text), text).to.equal(number);
    }
  });

  it('reads every finite number as JavaScript writes it', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, (number) => {
        expect(decimalNumber(String(number))).to.equal(number + 0);
      }),
    );
  });

  it('returns NaN for other texts', () => {
    for (const text of ['', ' ', '.', '0x10', '1 2', '1_000', 'NaN', 'Infinity', '+Inf', '1e999', '1n', '1e']) {
      expect(decimalNumber(text), text).to.be.NaN;
    }
  });
});
