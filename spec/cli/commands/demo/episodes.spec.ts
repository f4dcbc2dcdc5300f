import { expect } from 'chai';
import fc from 'fast-check';
import { episodesAt, episodesOf, isEpisodeActive } from '../../../../cli/commands/demo/episodes.js';

const seeds = fc.integer({ min: 1, max: 1_000_000 });

describe('episodes', () => {
  it('occur once per minute without overlap, and end within the minute', () => {
    fc.assert(
      fc.property(seeds, fc.nat(100), (seed, minute) => {
        const episodes = episodesOf(seed, minute);
        expect(episodes.map(({ kind }) => kind)).to.have.members(['slow', 'errors', 'outage', 'burst']);
        for (const [index, { from, to }] of episodes.entries()) {
          expect(from).to.be.at.least(minute * 60);
          expect(to)
            .to.be.greaterThan(from)
            .and.to.be.below((minute + 1) * 60);
          expect(from).to.be.at.least(episodes[index - 1]?.from ?? 0);
        }
        expect(episodesOf(seed, minute)).to.deep.equal(episodes);
      }),
    );
  });

  it('can be looked up at any time', () => {
    fc.assert(
      fc.property(seeds, fc.nat(20), (seed, minute) => {
        for (const episode of episodesOf(seed, minute)) {
          expect(episodesAt(seed, episode.from)).to.deep.include(episode);
          expect(isEpisodeActive(episode.kind, seed, (episode.from + episode.to) / 2)).to.equal(true);
          expect(isEpisodeActive(episode.kind, seed, episode.to)).to.equal(false);
        }
      }),
    );
  });
});
