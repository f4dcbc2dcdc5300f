import { expect } from 'chai';
import fc from 'fast-check';
import { ExactSum } from '../../../lib/hub/sums/exact-sum.js';

/** Finite numbers of very different sizes. */
const numbers = fc.array(
  fc.oneof(
    fc.double({ min: -1e300, max: 1e300, noNaN: true }),
    fc.double({ min: -10, max: 10, noNaN: true }),
    fc.constantFrom(0.1, 0.2, 2 ** 53, 1, 2 ** -1074, 2 ** -53),
  ),
  { maxLength: 30 },
);

function sumOf(all: readonly number[]): ExactSum {
  const sum = new ExactSum();
  for (const one of all) sum.add(one);
  return sum;
}

describe('ExactSum', () => {
  it('rounds once: ten tenths are one', () => {
    expect(sumOf(Array<number>(10).fill(0.1)).value).to.equal(1);
    expect(sumOf([1e300, 1, -1e300]).value).to.equal(1);
    // Half way between two numbers the rest decides.
    expect(sumOf([1, 2 ** -53, 2 ** -106]).value).to.equal(1 + 2 ** -52);
    expect(sumOf([1, 2 ** -53]).value).to.equal(1);
    expect(new ExactSum().value).to.equal(0);
  });

  it('does not depend on the order, nor on what came and went', () => {
    fc.assert(
      fc.property(numbers, numbers, (kept, passing) => {
        const sum = sumOf([...passing, ...[...kept].reverse(), ...passing.map((one) => -one)]);
        expect(sum.value).to.equal(sumOf(kept).value);
      }),
    );
  });

  it('does not go down when something positive is added', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1e300, noNaN: true }), (all, more) => {
        const sum = sumOf(all);
        const before = sum.value;
        sum.add(more);
        expect(sum.value).to.be.at.least(before);
      }),
    );
  });

  it('goes on from its parts', () => {
    fc.assert(
      fc.property(numbers, numbers, (first, then) => {
        const sum = new ExactSum(JSON.parse(JSON.stringify(sumOf(first).parts)) as number[]);
        for (const one of then) sum.add(one);
        expect(sum.value).to.equal(sumOf([...first, ...then]).value);
      }),
    );
  });
});
