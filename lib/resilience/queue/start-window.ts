import { QueueConfigurationError } from '../errors/queue-errors.js';

/** The rate limit of a p-queue: at most `intervalCap` jobs start in `interval` milliseconds. */
export interface StartWindow {
  readonly interval: number;
  readonly intervalCap: number;
}

/** The shortest interval that timers keep reliably, in milliseconds. */
const shortestInterval = 20;

/** One start in 11.6 days. Timers cannot wait for longer than 24.8 days. */
const minStartsPerSecond = 0.000001;

/** Returns the window that spreads the starts evenly: one job per window, or more if the window would be too short. */
export function startWindow(startsPerSecond: number): StartWindow {
  if (!Number.isFinite(startsPerSecond) || startsPerSecond < minStartsPerSecond) {
    throw new QueueConfigurationError(
      `The queue's limit is ${startsPerSecond} starts per second; expected a number of at least ${minStartsPerSecond}.`,
    );
  }
  const spacing = 1000 / startsPerSecond;
  const intervalCap = Math.ceil(shortestInterval / spacing);
  return { interval: spacing * intervalCap, intervalCap };
}
