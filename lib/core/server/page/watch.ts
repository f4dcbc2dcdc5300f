import { parseExposition } from './parse-exposition.js';
import type { TimedScrape } from './reading.js';
import { Scrape } from './scrape.js';

/** Seconds between two scrapes. */
export const INTERVAL = 2;

/** A scrape that takes longer is given up, in milliseconds. */
const PATIENCE = 5_000;

/** Who is told what a watch sees. */
export interface Watcher {
  readonly onScrape: (scrape: TimedScrape) => void;
  /** Called at each scrape that could not be had, with why. */
  readonly onFailure: (reason: string) => void;
}

/** Scrapes the server that the page came from, again and again, one scrape at a time. */
export class Watch {
  #timer: number | undefined;
  #runs = false;

  constructor(private readonly watcher: Watcher) {}

  start(): void {
    this.#runs = true;
    void this.#look();
  }

  stop(): void {
    this.#runs = false;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    try {
      const scrape = await scrapeNow();
      if (this.#runs) this.watcher.onScrape(scrape);
    } catch (error) {
      if (this.#runs) this.watcher.onFailure(error instanceof Error ? error.message : String(error));
    }
    clearTimeout(this.#timer);
    if (this.#runs) this.#timer = setTimeout(() => void this.#look(), INTERVAL * 1_000);
  }
}

async function scrapeNow(): Promise<TimedScrape> {
  const response = await fetch('metrics?look=1', {
    headers: { Accept: 'text/plain;version=0.0.4' },
    cache: 'no-store',
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!response.ok) throw new Error(`it answered ${response.status}`);
  const scrape = new Scrape(parseExposition(await response.text()));
  return { at: Date.now() / 1_000, scrape };
}
