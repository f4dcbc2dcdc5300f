import { expect } from 'chai';
import fc from 'fast-check';
import { CellAllocator, type CellSlice } from '../../lib/metrics/cells.js';

describe('CellAllocator', () => {
  it('hands out zeroed cells of memory that threads can share', () => {
    const { page, offset } = new CellAllocator().allocate(3);
    expect(page.buffer).to.be.instanceOf(SharedArrayBuffer);
    expect([...page.subarray(offset, offset + 3)]).to.deep.equal([0, 0, 0]);
  });

  it('hands out a whole page, and goes on after it', () => {
    const allocator = new CellAllocator();
    const [first, second] = [allocator.allocate(8_192), allocator.allocate(8_192)];
    expect(first.offset).to.equal(0);
    expect(second.offset).to.equal(0);
    expect(first.page.buffer).to.not.equal(second.page.buffer);
  });

  it('never hands out a cell twice', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_002 }), { minLength: 1, maxLength: 60 }), (counts) => {
        const allocator = new CellAllocator();
        const slices = counts.map((count): [CellSlice, number] => [allocator.allocate(count), count]);
        slices.forEach(([{ page, offset }, count], index) => {
          expect(offset + count).to.be.at.most(page.length);
          page.fill(index + 1, offset, offset + count);
        });
        slices.forEach(([{ page, offset }, count], index) => {
          expect(page.subarray(offset, offset + count).every((cell) => cell === index + 1)).to.equal(true);
        });
      }),
      { numRuns: 30 },
    );
  });
});
