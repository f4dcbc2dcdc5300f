import { expect } from 'chai';
import { KeptBytes, memoryOf } from '../../../lib/proxy/forwarding/kept-bytes.js';

describe('KeptBytes', () => {
  it('is spent when all bytes are taken, until some are returned', () => {
    const kept = new KeptBytes(10);
    kept.take(9);
    expect(kept.isSpent).to.equal(false);
    kept.take(5);
    expect(kept.isSpent).to.equal(true);
    kept.give(5);
    expect(kept.isSpent).to.equal(false);
  });

  it('counts the overhead of a buffer', () => {
    expect(memoryOf(new Uint8Array(1))).to.equal(257);
  });
});
