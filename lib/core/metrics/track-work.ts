import { Timer } from './timer.js';

/** The metrics that record a piece of work. */
export interface Tracked {
  readonly active?: { inc(): void; dec(): void };
  readonly duration: { observe(seconds: number): void };
}

/** Measures work and marks it as active meanwhile. Without work, returns a timer that the caller must end. */
export function trackWork<Result>({ active, duration }: Tracked, work: (() => Result) | undefined): Timer | Result {
  const timer = new Timer((seconds) => {
    active?.dec();
    duration.observe(seconds);
  });
  active?.inc();
  return work === undefined ? timer : timer.during(work);
}
