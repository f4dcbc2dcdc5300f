import { expect } from 'chai';
import { ChunkMemory } from '../../../../lib/core/metrics/native/chunk-memory.js';

describe('ChunkMemory', () => {
  it('takes no more memory if pointers cannot represent it', () => {
    let allocations = 0;
    const memory = new ChunkMemory({
      allocateUnrecorded: () => {
        allocations++;
        return { page: new Float64Array(10), offset: 1 };
      },
      free: () => {},
      placeOf: () => ({ segment: 64, cell: 1 }),
    });
    for (let time = 0; time < 10; time++) expect(memory.allocate()).to.equal(0);
    expect(allocations).to.equal(1);
  });
});
