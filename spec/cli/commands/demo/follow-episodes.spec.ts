import { expect } from 'chai';
import { episodesOf } from '../../../../cli/commands/demo/episodes.js';
import { followEpisodes } from '../../../../cli/commands/demo/follow-episodes.js';

describe('followEpisodes', () => {
  const follow = async (now: number, until: number, signal = new AbortController().signal) => {
    const told: string[] = [];
    await followEpisodes(
      {
        seed: 1,
        clock: () => now,
        until,
        onBegin: ({ kind }) => told.push(`${kind} begins`),
        onEnd: ({ kind }) => told.push(`${kind} ends`),
      },
      signal,
    );
    return told;
  };

  it('tells of each episode as it begins and as it is over, in their order', async () => {
    const [first] = episodesOf(1, 0);
    const all = episodesOf(1, 0).flatMap(({ kind }) => [`${kind} begins`, `${kind} ends`]);
    expect(await follow(60, 60)).to.deep.equal(all);
    expect(await follow(60, (first?.from ?? 0) + 0.1)).to.deep.equal(all.slice(0, 2));
  });

  it('ends with its signal', async () => {
    expect(await follow(0, 60, AbortSignal.abort())).to.deep.equal([]);
  });
});
