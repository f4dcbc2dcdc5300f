import { expect } from 'chai';
import fc from 'fast-check';
import { bucketIndex, bucketTable, upperBound } from '../../../../lib/core/metrics/native/bucket-index.js';
import { exactIndex, isAtMostBound } from '../../../support/native-model.js';

const SCHEMAS = [-4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8];

/** The next larger double. */
function nextNumber(value: number): number {
  const bits = new BigInt64Array(new Float64Array([value]).buffer);
  bits[0]! += 1n;
  return new Float64Array(bits.buffer)[0]!;
}

describe('bucketIndex', function () {
  this.timeout(60_000);

  for (const schema of SCHEMAS) {
    it(`is exact at every bound between 1 and 2, and at powers of 2, for schema ${schema}`, () => {
      const table = bucketTable(schema);
      const perOctave = schema > 0 ? 2 ** schema : 1;
      const indexes = Array.from({ length: 2 * perOctave + 1 }, (_, index) => index - perOctave);
      for (const index of indexes) {
        const bound = upperBound(schema, index);
        expect(isAtMostBound(bound, schema, index), `${bound} at ${index}`).to.equal(true);
        expect(isAtMostBound(nextNumber(bound), schema, index), `after ${bound} at ${index}`).to.equal(false);
        expect(bucketIndex(table, bound), `bound ${index}`).to.equal(index);
        expect(bucketIndex(table, nextNumber(bound)), `after bound ${index}`).to.equal(index + 1);
      }
    });
  }

  it('equals exact arithmetic for any positive number', () => {
    const positive = fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true });
    fc.assert(
      fc.property(positive, fc.constantFrom(...SCHEMAS.filter((schema) => schema <= 4)), (value, schema) => {
        expect(bucketIndex(bucketTable(schema), value)).to.equal(exactIndex(value, schema));
      }),
      { numRuns: 1_000 },
    );
    fc.assert(
      fc.property(positive, fc.constantFrom(5, 6, 7, 8), (value, schema) => {
        expect(bucketIndex(bucketTable(schema), value)).to.equal(exactIndex(value, schema));
      }),
      { numRuns: 50 },
    );
  });

  it('includes the smallest and the largest number', () => {
    expect(bucketIndex(bucketTable(0), Number.MIN_VALUE)).to.equal(-1_074);
    expect(bucketIndex(bucketTable(0), Number.MAX_VALUE)).to.equal(1_024);
    expect(bucketIndex(bucketTable(8), Number.MAX_VALUE)).to.equal(1_024 * 256);
    expect(bucketIndex(bucketTable(-4), Number.MIN_VALUE)).to.equal(-67);
  });
});
