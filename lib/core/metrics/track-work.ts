import { Timer } from './timer.js';

/** What a piece of work is recorded in. */
export interface Tracked {
  readonly active?: { inc(): void; dec(): void };
  readonly duration: { observe(seconds: number): void };
}

/** Times work and holds it active meanwhile; without work, gives the timer to end. */
export function trackWork<Result>({ active, duration }: Tracked, work: (() => Result) | undefined): Timer | Result {
  const timer = new Timer((seconds) => {
    active?.dec();
    duration.observe(seconds);
  });
  active?.inc();
  return work === undefined ? timer : timer.during(work);
}
