import { randomUniform } from 'd3-random';
import { seededSource } from './seeded-source.js';

/** What may go wrong for a while. */
export type EpisodeKind = 'slow' | 'errors' | 'outage' | 'burst';

/** A while in which something goes wrong, in seconds since the start. */
export interface Episode {
  readonly kind: EpisodeKind;
  readonly from: number;
  readonly to: number;
}

/** In every minute, when each kind may begin and how long it may last, in seconds; what wakes somebody comes early. */
const windows: Readonly<Record<EpisodeKind, { readonly start: readonly [number, number]; readonly length: number }>> = {
  errors: { start: [3, 4], length: 4 },
  outage: { start: [10, 12], length: 20 },
  slow: { start: [38, 40], length: 6 },
  burst: { start: [49, 51], length: 6 },
};

const span = 60;

/** The episodes of one minute, the first being 0; every kind once, and over before the minute is. */
export function episodesOf(seed: number, minute: number): readonly Episode[] {
  const source = seededSource(seed, 1000 + minute);
  return (Object.keys(windows) as EpisodeKind[]).map((kind) => {
    const { start, length } = windows[kind];
    const from = minute * span + randomUniform.source(source)(...start)();
    return { kind, from, to: from + randomUniform.source(source)(length * 0.8, length * 1.2)() };
  });
}

/** What goes wrong at a moment, in seconds since the start. */
export function episodesAt(seed: number, seconds: number): readonly Episode[] {
  return episodesOf(seed, Math.floor(seconds / span)).filter(({ from, to }) => from <= seconds && seconds < to);
}

/** Whether something goes wrong at a moment. */
export function isAmid(kind: EpisodeKind, seed: number, seconds: number): boolean {
  return episodesAt(seed, seconds).some((episode) => episode.kind === kind);
}
