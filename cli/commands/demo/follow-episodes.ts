import { setTimeout as sleep } from 'node:timers/promises';
import { type Episode, episodesOf } from './episodes.js';

/** The episodes to follow, and the callbacks. */
export interface FollowOptions {
  /** A whole number that decides on the episodes. */
  readonly seed: number;
  /** Returns the seconds since the start. */
  readonly clock: () => number;
  /** In seconds since the start. Later episodes are ignored. */
  readonly until: number;
  readonly onBegin: (episode: Episode) => void;
  readonly onEnd: (episode: Episode) => void;
}

/** Calls `onBegin` and `onEnd` for each episode. Stops at the time `until` or when the signal aborts. Never rejects. */
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
