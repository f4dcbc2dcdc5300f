import { setTimeout as sleep } from 'node:timers/promises';
import { type Episode, episodesOf } from './episodes.js';

/** Whose episodes to follow, and who is told of them. */
export interface FollowOptions {
  /** A whole number; decides when what goes wrong. */
  readonly seed: number;
  /** Seconds since the start. */
  readonly clock: () => number;
  /** In seconds since the start; what begins later is not told. */
  readonly until: number;
  readonly onBegin: (episode: Episode) => void;
  readonly onEnd: (episode: Episode) => void;
}

/** Tells of each episode as it begins and as it is over, until the end or the signal is aborted; never rejects. */
export async function followEpisodes(options: FollowOptions, signal: AbortSignal): Promise<void> {
  const { seed, clock, until, onBegin, onEnd } = options;
  const reaches = (moment: number): Promise<boolean> =>
    sleep(Math.max(0, moment - clock()) * 1000, true, { signal }).catch(() => false);
  for (let minute = 0; minute * 60 < until; minute++) {
    for (const episode of episodesOf(seed, minute)) {
      if (episode.from >= until || !(await reaches(episode.from))) return;
      onBegin(episode);
      if (!(await reaches(episode.to))) return;
      onEnd(episode);
    }
  }
}
