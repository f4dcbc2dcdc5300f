import type { NegotiationOptions } from '../formats/negotiate.js';
import { OutstandingBytes, type OutstandingLimits } from './outstanding-bytes.js';
import type { ScrapeRequest } from './scrape-query.js';
import { type ScrapeBody, ScrapeRendering } from './scrape-rendering.js';
import type { ScrapeSource } from './scrape-source.js';

/** Limits of the memory, and the offered formats. */
export type SharedScrapesOptions = Partial<OutstandingLimits> & NegotiationOptions;

/** Renders scrapes. Waiting scrapes with the same format, filter, compression and `created` share one rendering. */
export class SharedScrapes {
  /** The formats that scrapes can request. */
  readonly negotiation: NegotiationOptions;
  readonly #source: ScrapeSource;
  readonly #outstanding: OutstandingBytes;
  /** Renderings in progress, by format, filter, compression and `created`. */
  readonly #running = new Map<string, ScrapeRendering>();
  /** Renderings that start after the one in progress. */
  readonly #waiting = new Map<string, ScrapeRendering>();

  constructor(source: ScrapeSource, { openMetrics2, ...limits }: SharedScrapesOptions = {}) {
    this.#source = source;
    this.negotiation = { openMetrics2 };
    this.#outstanding = new OutstandingBytes(limits);
  }

  /** Bytes that are rendered but not sent. */
  get outstandingBytes(): number {
    return this.#outstanding.bytes;
  }

  /**
   * Renders a scrape or joins a waiting rendering. Values are never older than this call.
   *
   * @param drop Called if the client reads too slowly and other scrapes need the memory.
   * @returns `undefined` if too many bytes wait to be sent.
   */
  async renderShared(request: ScrapeRequest, drop: () => void): Promise<ScrapeBody | undefined> {
    const rendering = this.#join(request);
    try {
      await rendering.rendered;
    } catch (error) {
      rendering.leave();
      throw error;
    }
    return rendering.body(drop);
  }

  #join(request: ScrapeRequest): ScrapeRendering {
    const { format, escaping, names, encoding, created } = request;
    const key = JSON.stringify([format, escaping, encoding, created, [...new Set(names)].sort()]);
    const running = this.#running.get(key);
    let rendering = running && this.#waiting.get(key);
    if (rendering === undefined) {
      rendering = new ScrapeRendering(request, { source: this.#source, outstanding: this.#outstanding });
      if (running === undefined) this.#begin(key, rendering);
      else this.#waiting.set(key, rendering);
    }
    rendering.join();
    return rendering;
  }

  #begin(key: string, rendering: ScrapeRendering): void {
    this.#running.set(key, rendering);
    rendering.begin(() => {
      this.#running.delete(key);
      const next = this.#waiting.get(key);
      this.#waiting.delete(key);
      if (next !== undefined) this.#begin(key, next);
    });
  }
}
