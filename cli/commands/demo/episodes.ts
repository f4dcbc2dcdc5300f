import { randomUniform } from 'd3-random';
import { seededSource } from './seeded-source.js';

/** A kind of temporary problem. */
export type EpisodeKind = 'slow' | 'errors' | 'outage' | 'burst';

/** A temporary problem. Times are in seconds since the start. */
export interface Episode {
  readonly kind: EpisodeKind;
  readonly from: number;
  readonly to: number;
}

/** For each kind: the range of its start times in a minute, and the average length of an episode, in seconds. */
const windows: Readonly<Record<EpisodeKind, { readonly start: readonly [number, number]; readonly length: number }>> = {
  errors: { start: [3, 4], length: 4 },
  outage: { start: [10, 12], length: 20 },
  slow: { start: [38, 40], length: 6 },
  burst: { start: [49, 51], length: 6 },
};

const span = 60;

/** The episodes of a minute, counted from 0. Each kind occurs once, and ends before the minute ends. */
export function episodesOf(seed: number, minute: number): readonly Episode[] {
  const source = seededSource(seed, 1000 + minute);
  return (Object.keys(windows) as EpisodeKind[]).map((kind) => {
    const { start, length } = windows[kind];
    const from = minute * span + randomUniform.source(source)(...start)();
    return { kind, from, to: from + randomUniform.source(source)(length * 0.8, length * 1.2)() };
  });
}

/** The episodes that are active at the given time, in seconds since the start. */
export function episodesAt(seed: number, seconds: number): readonly Episode[] {
  return episodesOf(seed, Math.floor(seconds / span)).filter(({ from, to }) => from <= seconds && seconds < to);
}

/** Whether an episode of this kind is active at the given time, in seconds since the start. */
export function isEpisodeActive(kind: EpisodeKind, seed: number, seconds: number): boolean {
  return episodesAt(seed, seconds).some((episode) => episode.kind === kind);
}
