import { expect } from 'chai';
import fc from 'fast-check';
import { seededSource } from '../../../../cli/commands/demo/seeded-source.js';

describe('seededSource', () => {
  it('returns the same numbers from 0 to 1 for the same seed and stream', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), (seed, stream) => {
        const [first, second] = [seededSource(seed, stream), seededSource(seed, stream)];
        for (let draw = 0; draw < 20; draw++) {
          const number = first();
          expect(number).to.be.at.least(0).and.to.be.below(1);
          expect(second()).to.equal(number);
        }
      }),
    );
  });

  it('distributes the first numbers of consecutive seeds evenly', () => {
    const firsts = Array.from({ length: 1000 }, (_, seed) => seededSource(seed, 1)());
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = firsts.filter((first) => Math.floor(first * 10) === tenth).length;
      expect(share, `from 0.${tenth}`).to.be.within(60, 150);
    }
  });
});
