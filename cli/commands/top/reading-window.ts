import type { Reading } from './reading.js';

/** The readings of the last while. */
export class ReadingWindow {
  readonly #seconds: number;
  #readings: readonly Reading[] = [];

  /** @param seconds How far back it goes; two readings are kept however far apart. */
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

  /** Forgets all: what is read next begins anew, as after a time in which nothing could be read. */
  clear(): void {
    this.#readings = [];
  }
}
