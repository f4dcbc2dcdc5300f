import type { Reading } from './reading.js';

/** The readings of the last seconds. */
export class ReadingWindow {
  readonly #seconds: number;
  #readings: readonly Reading[] = [];

  /** @param seconds The length of the window. At least two readings are kept, even if they are further apart. */
  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  /** Oldest first. */
  get readings(): readonly Reading[] {
    return this.#readings;
  }

  add(reading: Reading): void {
    const earlier = this.#readings.filter(({ at }) => reading.at - at <= this.#seconds);
    this.#readings = [...(earlier.length === 0 ? this.#readings.slice(-1) : earlier), reading];
  }

  /** Removes all readings, for example after a failed scrape. */
  clear(): void {
    this.#readings = [];
  }
}
