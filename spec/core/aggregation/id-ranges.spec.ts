import { expect } from 'chai';
import fc from 'fast-check';
import { IdRanges } from '../../../lib/core/aggregation/id-ranges.js';

describe('IdRanges', () => {
  it('contains the same numbers as a set', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 })), (ids) => {
        const ranges = new IdRanges();
        for (const id of ids) ranges.add(id);
        const all = Array.from({ length: 62 }, (_, id) => id);
        expect(all.filter((id) => ranges.has(id))).to.deep.equal([...new Set(ids)].sort((one, other) => one - other));
        const firsts = [...new Set(ids)].filter((id) => !ids.includes(id - 1));
        expect(ranges.rangeCount).to.equal(firsts.length);
      }),
    );
  });

  it('stores adjacent numbers in one range, independent of their order', () => {
    const ranges = new IdRanges();
    for (let id = 0; id < 10_000; id += 2) ranges.add(id + 1);
    for (let id = 0; id < 10_000; id += 2) ranges.add(id);
    expect(ranges.has(9_999)).to.equal(true);
    const ascending = new IdRanges();
    for (let id = 1; id <= 10_000; id++) ascending.add(id);
    expect(ascending.rangeCount).to.equal(1);
  });

  it('has at most 1,000 ranges, and merges the lowest ones', () => {
    const ranges = new IdRanges();
    for (let id = 0; id < 4_000; id += 2) ranges.add(id);
    expect(ranges.rangeCount).to.equal(1_000);
    expect([1, 1_001, 3_997, 3_998, 4_001].map((id) => ranges.has(id))).to.deep.equal([true, true, false, true, false]);
  });
});
