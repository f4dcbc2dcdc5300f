import { expect } from 'chai';
import fc from 'fast-check';
import { fieldsIn, isFields, isFilled, listOfFields, numberIn, secondsIn } from '../../../lib/core/providers/fields.js';

describe('fields', () => {
  it('isFields accepts objects and lists, and no other value', () => {
    expect([{}, [], new Date(0)].map(isFields)).to.deep.equal([true, true, true]);
    expect([null, undefined, 'text', 7, () => {}].filter(isFields)).to.deep.equal([]);
  });

  it('fieldsIn returns the same object, or an empty, frozen one', () => {
    const object = { a: 1 };
    expect(fieldsIn(object)).to.equal(object);
    for (const value of [null, undefined, 'text', 7]) {
      expect(fieldsIn(value)).to.deep.equal({});
      expect(fieldsIn(value)).to.be.frozen;
    }
  });

  it('numberIn returns numbers that can be counts, and undefined for other values', () => {
    expect([0, 1, 2.5, 2 ** 53 - 1].map(numberIn)).to.deep.equal([0, 1, 2.5, 2 ** 53 - 1]);
    const others = [
      -1,
      2 ** 53,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      '3',
      3n,
      null,
      undefined,
      {},
    ];
    expect(others.filter((value) => numberIn(value) !== undefined)).to.deep.equal([]);
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const count = numberIn(value);
        expect(count === undefined || (Number.isFinite(count) && count >= 0)).to.equal(true);
      }),
    );
  });

  it('secondsIn divides by the units per second', () => {
    expect(secondsIn(1_500_000_000, 1e9)).to.equal(1.5);
    expect(secondsIn(250, 1_000)).to.equal(0.25);
    for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '5', null, undefined]) {
      expect(secondsIn(value, 1), String(value)).to.equal(undefined);
    }
  });

  it('isFilled rejects empty values', () => {
    const empty = [undefined, null, '', Number.NaN, []];
    expect(empty.filter(isFilled)).to.deep.equal([]);
    const filled = ['text', ' ', 0, false, {}, [null], new Uint8Array(0)];
    expect(filled.filter((value) => !isFilled(value))).to.deep.equal([]);
  });

  it('listOfFields returns the objects of a list', () => {
    expect(listOfFields([{ a: 1 }, null, 'text', [2]])).to.deep.equal([{ a: 1 }, [2]]);
    for (const value of [undefined, null, {}, 'text', { length: 1, 0: {} }]) {
      expect(listOfFields(value)).to.deep.equal([]);
      expect(listOfFields(value)).to.be.frozen;
    }
  });
});
