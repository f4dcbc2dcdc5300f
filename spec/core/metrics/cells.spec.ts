import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import fc from 'fast-check';
import { addAtomically, CellAllocator, type CellSlice } from '../../../lib/core/metrics/cells.js';

const CELLS = 8_192;

describe('CellAllocator', () => {
  it('allocates a whole page, continues with the next, and stops without memory', () => {
    const pages = [new Float64Array(CELLS), new Float64Array(CELLS)];
    const left = [...pages];
    const allocator = new CellAllocator(() => left.shift());
    expect(allocator.allocate(CELLS)).to.deep.equal({ page: pages[0], offset: 0 });
    expect(allocator.allocate(2)).to.deep.equal({ page: pages[1], offset: 0 });
    expect(allocator.allocate(CELLS)).to.equal(undefined);
    expect(allocator.allocate(2)).to.deep.equal({ page: pages[1], offset: 2 });
  });

  it('never allocates a cell twice', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_002 }), { minLength: 1, maxLength: 60 }), (counts) => {
        const allocator = new CellAllocator(() => new Float64Array(CELLS));
        const slices = counts.map((count): [CellSlice, number] => [allocator.allocate(count) as CellSlice, count]);
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

  it('fills a page to its last cell', () => {
    const pages = [new Float64Array(CELLS), new Float64Array(CELLS)];
    const allocator = new CellAllocator(() => pages.shift());
    const first = allocator.allocate(CELLS - 2);
    expect(allocator.allocate(2)).to.deep.equal({ page: first?.page, offset: CELLS - 2 });
    expect(pages).to.have.length(1);
  });
});

describe('addAtomically', () => {
  it('adds a fraction to the cell, and counts the writes to the page', () => {
    const page = new Float64Array(new SharedArrayBuffer(3 * Float64Array.BYTES_PER_ELEMENT));
    addAtomically({ page, offset: 1 }, 0, 0.25);
    addAtomically({ page, offset: 0 }, 1, 1.5);
    expect([...page]).to.deep.equal([2, 1.75, 0]);
  });

  it('loses nothing when several threads add at the same time', async () => {
    const memory = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT);
    const file = new URL('../../support/threads/adding-thread.js', import.meta.url);
    const adders = [1, 2].map(() => new Worker(file, { workerData: memory, execArgv: [] }));
    await Promise.all(adders.map((adder) => once(adder, 'message')));
    for (const adder of adders) adder.postMessage(1_000_000);
    await Promise.all(adders.map((adder) => once(adder, 'exit')));
    expect([...new Float64Array(memory)]).to.deep.equal([2_000_000, 2_000_000]);
  });
});
