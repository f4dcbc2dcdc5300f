import { expect } from 'chai';
import fc from 'fast-check';
import { histogramValue, summaryValue } from '../../../lib/core/formats/composite-value.js';
import { parseComposite } from '../../support/parse-composite.js';

const none = { indexes: [], counts: [] };

describe('histogramValue', () => {
  it('writes classic buckets, with the last count as the total', () => {
    expect(histogramValue({ bounds: ['0.5', '1', '+Inf'], counts: [1, 3, 4], sum: -2.5 })).to.equal(
      '{count:4,sum:-2.5,bucket:[0.5:1,1:3,+Inf:4]}',
    );
  });

  it('writes native buckets as spans and counts', () => {
    const native = {
      schema: 3,
      zeroThreshold: 2 ** -128,
      zeroCount: 2,
      positive: { indexes: [-2, -1, 3, 5, 6], counts: [1, 4, 1, 2, 7] },
      negative: { indexes: [0], counts: [5] },
    };
    expect(histogramValue({ bounds: ['1', '+Inf'], counts: [20, 22], sum: 9, native })).to.equal(
      '{count:22,sum:9,schema:3,zero_threshold:2.938735877055719e-39,zero_count:2' +
        ',negative_spans:[0:1],negative_buckets:[5]' +
        ',positive_spans:[-2:2,3:1,1:2],positive_buckets:[1,4,1,2,7],bucket:[1:20,+Inf:22]}',
    );
  });

  it('writes native fields for a histogram without observations', () => {
    const native = { schema: -4, zeroThreshold: 0, zeroCount: 0, positive: none, negative: none };
    expect(histogramValue({ bounds: ['+Inf'], counts: [0], sum: 0, native })).to.equal(
      '{count:0,sum:0,schema:-4,zero_threshold:0,zero_count:0,bucket:[+Inf:0]}',
    );
  });

  it('uses the native total if it is larger, and never writes a classic count above it', () => {
    const native = {
      schema: 0,
      zeroThreshold: 0,
      zeroCount: 0,
      positive: { indexes: [1], counts: [5] },
      negative: none,
    };
    expect(histogramValue({ bounds: ['1', '+Inf'], counts: [3, 4], sum: 1, native })).to.contain('bucket:[1:3,+Inf:5]');
    expect(histogramValue({ bounds: ['1', '+Inf'], counts: [6, 6], sum: 1, native })).to.contain('bucket:[1:5,+Inf:5]');
  });

  it('can be read back, for any buckets', () => {
    const buckets = fc
      .dictionary(fc.integer({ min: -3000, max: 3000 }).map(String), fc.integer({ min: 1, max: 2 ** 40 }))
      .map((counts) => {
        const indexes = Object.keys(counts)
          .map(Number)
          .sort((a, b) => a - b);
        return { indexes, counts: indexes.map((index) => counts[index]!) };
      });
    const native = fc.record({
      schema: fc.integer({ min: -4, max: 8 }),
      zeroThreshold: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
      zeroCount: fc.nat(),
      positive: buckets,
      negative: buckets,
    });
    fc.assert(
      fc.property(native, fc.double(), (one, sum) => {
        const read = parseComposite(histogramValue({ bounds: ['+Inf'], counts: [0], sum, native: one }));
        expect(read.native).to.deep.equal({ ...one, zeroThreshold: one.zeroThreshold + 0 });
        expect(read.sum).to.deep.equal(sum + 0);
      }),
    );
  });
});

describe('summaryValue', () => {
  it('writes quantiles in ascending order', () => {
    expect(summaryValue({ quantiles: [0.99, 0.5], values: [3, Number.NaN], count: 7, sum: 4.5 })).to.equal(
      '{count:7,sum:4.5,quantile:[0.5:NaN,0.99:3]}',
    );
    expect(summaryValue({ quantiles: [], values: [], count: 0, sum: 0 })).to.equal('{count:0,sum:0,quantile:[]}');
  });

  it('is undefined for numbers that the format does not allow', () => {
    const valid = { quantiles: [0.5], values: [1], count: 1, sum: 1 };
    const invalid = [{ sum: -1 }, { sum: Number.NaN }, { count: -1 }, { count: Number.NaN }, { values: [-1] }];
    for (const one of invalid) expect(summaryValue({ ...valid, ...one })).to.equal(undefined);
  });
});
