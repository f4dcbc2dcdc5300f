import { expect } from 'chai';
import fc from 'fast-check';
import { addExactly, type ExactNumber, exactValue } from '../../../lib/hub/sums/exact-number.js';

/** Finite numbers of very different sizes. */
const numbers = fc.array(
  fc.oneof(
    fc.double({ min: -1e300, max: 1e300, noNaN: true }),
    fc.double({ min: -10, max: 10, noNaN: true }),
    fc.constantFrom(0.1, 0.2, 2 ** 53, 1, 2 ** -1074, 2 ** -53),
  ),
  { maxLength: 30 },
);

function sumOf(all: readonly number[], start: ExactNumber = 0): ExactNumber {
  return all.reduce<ExactNumber>(addExactly, start);
}

describe('addExactly and exactValue', () => {
  it('rounds only once: ten times 0.1 is 1', () => {
    expect(exactValue(sumOf(Array<number>(10).fill(0.1)))).to.equal(1);
    expect(exactValue(sumOf([1e300, 1, -1e300]))).to.equal(1);
    // Halfway between two doubles, the remaining parts decide.
    expect(exactValue(sumOf([1, 2 ** -53, 2 ** -106]))).to.equal(1 + 2 ** -52);
    expect(exactValue(sumOf([1, 2 ** -53]))).to.equal(1);
    expect(exactValue([])).to.equal(0);
  });

  it('does not depend on the order, nor on numbers that were subtracted again', () => {
    fc.assert(
      fc.property(numbers, numbers, (kept, passing) => {
        const sum = sumOf([...passing, ...[...kept].reverse(), ...passing.map((one) => -one)]);
        expect(exactValue(sum)).to.equal(exactValue(sumOf(kept)));
      }),
    );
  });

  it('does not decrease when a positive number is added', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1e300, noNaN: true }), (all, more) => {
        const sum = sumOf(all);
        expect(exactValue(addExactly(sum, more))).to.be.at.least(exactValue(sum));
      }),
    );
  });

  it('continues from its parts', () => {
    fc.assert(
      fc.property(numbers, numbers, (first, then) => {
        const stored = JSON.parse(JSON.stringify(sumOf(first))) as ExactNumber;
        expect(exactValue(sumOf(then, stored))).to.equal(exactValue(sumOf([...first, ...then])));
      }),
    );
  });

  it('never becomes infinite or NaN', () => {
    const sum = sumOf(Array<number>(20).fill(Number.MAX_VALUE));
    expect(exactValue(sum)).to.equal(Number.MAX_VALUE);
    expect(exactValue(sumOf([-1, -Number.MAX_VALUE], sum))).to.be.finite;
  });
});
