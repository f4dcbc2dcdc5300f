import { expect } from 'chai';
import { episodesOf } from '../../../../cli/commands/demo/episodes.js';
import { followEpisodes } from '../../../../cli/commands/demo/follow-episodes.js';

describe('followEpisodes', () => {
  const follow = async (now: number, until: number, signal = new AbortController().signal) => {
    const calls: string[] = [];
    await followEpisodes(
      {
        seed: 1,
        clock: () => now,
        until,
        onBegin: ({ kind }) => calls.push(`${kind} begins`),
        onEnd: ({ kind }) => calls.push(`${kind} ends`),
      },
      signal,
    );
    return calls;
  };

  it('calls back at the begin and end of each episode, in order', async () => {
    const [first] = episodesOf(1, 0);
    const all = episodesOf(1, 0).flatMap(({ kind }) => [`${kind} begins`, `${kind} ends`]);
    expect(await follow(60, 60)).to.deep.equal(all);
    expect(await follow(60, (first?.from ?? 0) + 0.1)).to.deep.equal(all.slice(0, 2));
  });

  it('stops when the signal is aborted', async () => {
    expect(await follow(0, 60, AbortSignal.abort())).to.deep.equal([]);
  });
});
