import { setTimeout as wait } from 'node:timers/promises';

/** How long to wait for a scrape, and what ends the wait early. */
export interface LingerOptions {
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** Waits for a scrape, so that what a short run left in its metrics does not die unread. */
export class ScrapeWatch {
  #tell: (() => void) | undefined;

  /** To be called after each answered scrape. */
  readonly onScrape = (): void => this.#tell?.();

  /**
   * Waits for the next scrape, but no longer than the seconds given.
   *
   * Scrapes before the call do not count. Returns whether a scrape came; an abort ends the wait without one.
   */
  async linger({ seconds, signal }: LingerOptions): Promise<boolean> {
    if (signal.aborted || seconds === 0) return false;
    const ended = new AbortController();
    const scraped = new Promise<boolean>((resolve) => {
      this.#tell = () => resolve(true);
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
