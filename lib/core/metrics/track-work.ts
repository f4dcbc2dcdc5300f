import type { Counter } from './counter.js';
import type { Gauge } from './gauge.js';
import type { Histogram } from './histogram.js';
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

/** The metrics of work that is counted when it starts. They have the same labels. */
export interface CountedMetrics {
  readonly calls: Counter;
  readonly active: Gauge;
  readonly duration: Histogram;
}

/** Counts work when it starts, and then measures it as `trackWork` does. */
export function trackCounted<Result>(
  { calls, active, duration }: CountedMetrics,
  labels: readonly string[],
  work: (() => Result) | undefined,
): Timer | Result {
  calls.series(...labels).inc();
  return trackWork({ active: active.series(...labels), duration: duration.series(...labels) }, work);
}
