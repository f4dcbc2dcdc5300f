import { addGrowth } from './add-growth.js';
import { type Growth, type Reading, readScrape, type TimedScrape } from './reading.js';

/** A time of which nothing is known, in Unix seconds. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** What is known of a moment: nothing within a gap, and no growth where it began. */
export interface Moment {
  /** In Unix seconds. */
  readonly at: number;
  readonly reading?: Reading;
  readonly growth?: Growth | undefined;
}

/** How a history is kept; all in seconds. */
export interface HistoryOptions {
  /** How far back it goes; default 300. */
  readonly span?: number;
  /** Over how long a rate or quantile is taken; default 30. */
  readonly window?: number;
  /** The longest time between two scrapes that is no gap; default 7. */
  readonly patience?: number;
}

/** What was scraped of late. */
export class History {
  readonly span: number;
  readonly #window: number;
  readonly #patience: number;
  #latest: TimedScrape | undefined;
  #readings: readonly Reading[] = [];
  #gaps: readonly Gap[] = [];
  #moments: readonly Moment[] = [];

  constructor({ span = 300, window = 30, patience = 7 }: HistoryOptions = {}) {
    this.span = span;
    this.#window = window;
    this.#patience = patience;
  }

  get latest(): TimedScrape | undefined {
    return this.#latest;
  }

  get gaps(): readonly Gap[] {
    return this.#gaps;
  }

  /**
   * Takes a scrape; when the one before was long ago, or `missed` one in between, there is a gap.
   *
   * One at the same time as the one before is left out; one from before it means that the clock was put back, and all is
   * forgotten.
   */
  add(scrape: TimedScrape, missed = false): void {
    if (scrape.at === this.#latest?.at) return;
    if (this.#latest !== undefined && scrape.at < this.#latest.at) this.#forget();
    const before = this.#latest;
    const isGap = before !== undefined && (missed || scrape.at - before.at > this.#patience);
    const oldest = scrape.at - this.span;
    const gaps = isGap ? [...this.#gaps, { from: before.at, to: scrape.at }] : this.#gaps;
    this.#gaps = gaps.filter(({ to }) => to > oldest);
    const reading = readScrape(scrape, isGap ? undefined : before);
    this.#readings = [...this.#readings, reading].filter(({ at }) => at >= oldest);
    this.#latest = scrape;
    this.#moments = this.#look();
  }

  #forget(): void {
    this.#latest = undefined;
    this.#readings = [];
    this.#gaps = [];
  }

  /** Every reading with what happened in the window that ends with it, and a moment of nothing within each gap. */
  get moments(): readonly Moment[] {
    return this.#moments;
  }

  #look(): readonly Moment[] {
    const readings = this.#readings.map((reading, place): Moment => {
      return { at: reading.at, reading, growth: this.#growthUpTo(place) };
    });
    const gaps = this.#gaps.map(({ from, to }): Moment => ({ at: (from + to) / 2 }));
    return [...readings, ...gaps].sort((a, b) => a.at - b.at);
  }

  /** A window does not reach over a gap. */
  #growthUpTo(place: number): Growth | undefined {
    let sum: Growth | undefined;
    for (let at = place; at >= 0; at--) {
      const growth = this.#readings[at]?.growth;
      if (growth === undefined || (sum !== undefined && sum.seconds + growth.seconds > this.#window)) break;
      sum = sum === undefined ? growth : addGrowth(sum, growth);
    }
    return sum;
  }
}
