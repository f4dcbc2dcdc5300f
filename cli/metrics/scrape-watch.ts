import { setTimeout as wait } from 'node:timers/promises';

/** How long to wait for a scrape, and what ends the wait early. */
export interface LingerOptions {
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** Scrapes that began before do not count, in Unix milliseconds; default now. */
  readonly since?: number;
}

/** Waits for a scrape, so that what a short run left in its metrics does not die unread. */
export class ScrapeWatch {
  #tell: ((began: number) => void) | undefined;

  /** To be called after each answered scrape, with when it began, in Unix milliseconds; default now. */
  readonly onScrape = (began = Date.now()): void => this.#tell?.(began);

  /**
   * Waits for the next scrape, but no longer than the seconds given.
   *
   * Returns whether a scrape came; an abort ends the wait without one.
   */
  async linger({ seconds, signal, since = Date.now() }: LingerOptions): Promise<boolean> {
    if (signal.aborted || seconds === 0) return false;
    const ended = new AbortController();
    const scraped = new Promise<boolean>((resolve) => {
      this.#tell = (began) => {
        // Word of a scrape may come late: one that began before has not seen the end of the run.
        if (began >= since) resolve(true);
      };
    });
    const timedOut = wait(seconds * 1000, false, { signal: AbortSignal.any([signal, ended.signal]) });
    try {
      return await Promise.race([scraped, timedOut.catch(() => false)]);
    } finally {
      this.#tell = undefined;
      ended.abort();
    }
  }
}
