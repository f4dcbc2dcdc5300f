import { expect } from 'chai';
import { ByteBudget, memoryOf } from '../../../lib/proxy/forwarding/byte-budget.js';

describe('ByteBudget', () => {
  it('is spent when all bytes are taken, until some are returned', () => {
    const budget = new ByteBudget(10);
    budget.reserve(9);
    expect(budget.isSpent).to.equal(false);
    budget.reserve(5);
    expect(budget.isSpent).to.equal(true);
    budget.release(5);
    expect(budget.isSpent).to.equal(false);
  });

  it('counts the overhead of a buffer', () => {
    expect(memoryOf(new Uint8Array(1))).to.equal(257);
  });
});
