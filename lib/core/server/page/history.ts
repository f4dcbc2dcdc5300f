import { addIncreases } from './add-increases.js';
import { type Increase, type Reading, readScrape, type TimedScrape } from './reading.js';

/** A time range without data, in Unix seconds. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** The data of one moment. Within a gap there is no reading. At the first reading after a gap there is no increase. */
export interface Moment {
  /** In Unix seconds. */
  readonly at: number;
  readonly reading?: Reading;
  readonly increase?: Increase | undefined;
}

/** Options of a history; all times are in seconds. */
export interface HistoryOptions {
  /** How long readings are kept; default 300. */
  readonly span?: number;
  /** The window of rates and quantiles; default 30. */
  readonly window?: number;
  /** A longer time between two scrapes is a gap; default 7. */
  readonly longestInterval?: number;
}

/** The recent scrapes. */
export class History {
  readonly span: number;
  readonly #window: number;
  readonly #longestInterval: number;
  #latest: TimedScrape | undefined;
  #readings: readonly Reading[] = [];
  #gaps: readonly Gap[] = [];
  #moments: readonly Moment[] = [];

  constructor({ span = 300, window = 30, longestInterval = 7 }: HistoryOptions = {}) {
    this.span = span;
    this.#window = window;
    this.#longestInterval = longestInterval;
  }

  get latest(): TimedScrape | undefined {
    return this.#latest;
  }

  get gaps(): readonly Gap[] {
    return this.#gaps;
  }

  /**
   * Adds a scrape. If the previous scrape is too old, or if `missed` is true, there is a gap between the two.
   *
   * A scrape with the same time as the previous one is ignored. If the time is earlier, the clock was set back, and the
   * history is cleared first.
   */
  add(scrape: TimedScrape, missed = false): void {
    if (scrape.at === this.#latest?.at) return;
    if (this.#latest !== undefined && scrape.at < this.#latest.at) this.#clear();
    const before = this.#latest;
    const isGap = before !== undefined && (missed || scrape.at - before.at > this.#longestInterval);
    const oldest = scrape.at - this.span;
    const gaps = isGap ? [...this.#gaps, { from: before.at, to: scrape.at }] : this.#gaps;
    this.#gaps = gaps.filter(({ to }) => to > oldest);
    const reading = readScrape(scrape, isGap ? undefined : before);
    this.#readings = [...this.#readings, reading].filter(({ at }) => at >= oldest);
    this.#latest = scrape;
    this.#moments = this.#allMoments();
  }

  #clear(): void {
    this.#latest = undefined;
    this.#readings = [];
    this.#gaps = [];
  }

  /** Every reading with the increase in the window that ends at it, and one moment without data per gap. */
  get moments(): readonly Moment[] {
    return this.#moments;
  }

  #allMoments(): readonly Moment[] {
    const readings = this.#readings.map((reading, index): Moment => {
      return { at: reading.at, reading, increase: this.#increaseUpTo(index) };
    });
    const gaps = this.#gaps.map(({ from, to }): Moment => ({ at: (from + to) / 2 }));
    return [...readings, ...gaps].sort((a, b) => a.at - b.at);
  }

  /** The increase in the window that ends at a reading. A window never includes a gap. */
  #increaseUpTo(index: number): Increase | undefined {
    let sum: Increase | undefined;
    for (let at = index; at >= 0; at--) {
      const increase = this.#readings[at]?.increase;
      if (increase === undefined || (sum !== undefined && sum.seconds + increase.seconds > this.#window)) break;
      sum = sum === undefined ? increase : addIncreases(sum, increase);
    }
    return sum;
  }
}
