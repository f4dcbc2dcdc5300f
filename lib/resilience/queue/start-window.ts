import { QueueConfigurationError } from '../errors/queue-errors.js';

/** How many jobs may start within how many milliseconds, in p-queue's words. */
export interface StartWindow {
  readonly interval: number;
  readonly intervalCap: number;
}

/** Timers cannot space jobs closer than this and keep to it, in milliseconds. */
const shortestSpacing = 20;

/** A timer waits for less than 25 days. */
const slowest = 0.000001;

/** The window that spreads this many starts over a second: one at a time, or as many as come close enough to that. */
export function startWindow(startsPerSecond: number): StartWindow {
  if (!Number.isFinite(startsPerSecond) || startsPerSecond < slowest) {
    throw new QueueConfigurationError(
      `A queue got ${startsPerSecond} starts a second; expected a number from ${slowest}.`,
    );
  }
  const spacing = 1000 / startsPerSecond;
  const intervalCap = Math.ceil(shortestSpacing / spacing);
  return { interval: spacing * intervalCap, intervalCap };
}
