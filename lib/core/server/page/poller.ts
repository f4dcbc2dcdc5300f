import { parseExposition } from '../../formats/parse-exposition.js';
import type { TimedScrape } from './reading.js';
import { Scrape } from './scrape.js';

/** Time between two scrapes, in seconds. */
export const INTERVAL_SECONDS = 2;

/** Timeout of a scrape. */
const TIMEOUT_MILLISECONDS = 5_000;

/** The callbacks of a poller. */
export interface PollerOptions {
  readonly onScrape: (scrape: TimedScrape) => void;
  /** Called with the reason after each failed scrape. */
  readonly onFailure: (reason: string) => void;
}

/** Scrapes the server of the page periodically. The next scrape starts some time after the previous one has ended. */
export class Poller {
  #timer: number | undefined;
  #isRunning = false;

  constructor(private readonly options: PollerOptions) {}

  start(): void {
    this.#isRunning = true;
    void this.#poll();
  }

  stop(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
  }

  async #poll(): Promise<void> {
    try {
      const scrape = await scrapeNow();
      if (this.#isRunning) this.options.onScrape(scrape);
    } catch (error) {
      if (this.#isRunning) this.options.onFailure(error instanceof Error ? error.message : String(error));
    }
    clearTimeout(this.#timer);
    if (this.#isRunning) this.#timer = setTimeout(() => void this.#poll(), INTERVAL_SECONDS * 1_000);
  }
}

/**
 * Scrapes in OpenMetrics 2.0, the only text format with native histograms. Other servers respond in an older format.
 */
async function scrapeNow(): Promise<TimedScrape> {
  const response = await fetch('metrics?look=1&openmetrics2=1', {
    headers: { Accept: 'application/openmetrics-text;version=2.0.0,text/plain;version=0.0.4;q=0.5' },
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  if (!response.ok) throw new Error(`it returned status ${response.status}`);
  const scrape = new Scrape(parseExposition(await response.text()));
  return { at: Date.now() / 1_000, scrape };
}
