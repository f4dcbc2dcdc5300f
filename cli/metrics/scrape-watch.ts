import { setTimeout as wait } from 'node:timers/promises';

/** How long to wait for a scrape. */
export interface LingerOptions {
  readonly seconds: number;
  /** Ends the wait early. */
  readonly signal: AbortSignal;
  /** Only scrapes that started at or after this time count. In Unix milliseconds; default: now. */
  readonly startedAfter?: number;
}

/** Waits for a scrape at the end of a short run, so that its metrics are not lost. */
export class ScrapeWatch {
  #resolveWait: ((began: number) => void) | undefined;

  /** Must be called after each scrape with the time at which it started, in Unix milliseconds. Default now. */
  readonly onScrape = (began = Date.now()): void => this.#resolveWait?.(began);

  /**
   * Waits for the next scrape, for at most `seconds`.
   *
   * Returns true after a scrape, and false after a timeout or an abort.
   */
  async linger({ seconds, signal, startedAfter = Date.now() }: LingerOptions): Promise<boolean> {
    if (signal.aborted || seconds === 0) return false;
    const ended = new AbortController();
    const scraped = new Promise<boolean>((resolve) => {
      this.#resolveWait = (began) => {
        // A scrape that started before `startedAfter` may not include the end of the run.
        if (began >= startedAfter) resolve(true);
      };
    });
    const timedOut = wait(seconds * 1000, false, { signal: AbortSignal.any([signal, ended.signal]) });
    try {
      return await Promise.race([scraped, timedOut.catch(() => false)]);
    } finally {
      this.#resolveWait = undefined;
      ended.abort();
    }
  }
}
