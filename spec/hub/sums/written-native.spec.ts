import { expect } from 'chai';
import fc from 'fast-check';
import { readNative, type WrittenNative, writeNative } from '../../../lib/hub/sums/written-native.js';
import { nativeHistogramOf } from '../../support/native-histogram-of.js';

describe('writeNative', () => {
  it('writes neighbouring buckets as one span', () => {
    const indexes = Array.from({ length: 1_000 }, (_, index) => index - 500);
    const positive = { indexes: [...indexes, 600, 601], counts: indexes.map(() => 1).concat(7, 8) };
    const negative = { indexes: [0], counts: [3] };
    const written = writeNative({ schema: 3, zeroThreshold: 0.5, zeroCount: 2, positive, negative });
    expect(written).to.deep.equal([3, 0.5, 2, [-500, 1_000, 100, 2], positive.counts, [0, 1], [3]]);
  });

  it('is the inverse of readNative', () => {
    const values = fc.array(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()));
    fc.assert(
      fc.property(values, fc.integer({ min: -4, max: 8 }), (observations, schema) => {
        const native = nativeHistogramOf(observations, schema);
        expect(readNative(JSON.parse(JSON.stringify(writeNative(native))) as WrittenNative)).to.deep.equal(native);
      }),
    );
  });
});
