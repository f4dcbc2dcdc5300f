import type { IncomingMessage } from 'node:http';
import type { FormatName } from '../formats/format.js';
import { acceptsGzip, negotiateFormat, wantsCreated } from '../formats/negotiate.js';

/** What a scrape asks for; plain data, as it also goes to another thread. */
export interface ScrapeQuery {
  readonly format: FormatName;
  /** Names as `metricFilter` takes them; none for every metric. */
  readonly names: readonly string[];
}

/** What a scrape asks for, and how it wants it sent. */
export interface ScrapeRequest extends ScrapeQuery {
  readonly gzip: boolean;
  readonly created: boolean;
}

/** Reads a scrape's query and headers. */
export function scrapeRequest({ url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>): ScrapeRequest {
  const query = new URLSearchParams(url.split('?', 2)[1]);
  return {
    format: negotiateFormat(headers.accept),
    names: query.getAll('name[]'),
    gzip: acceptsGzip(headers['accept-encoding']?.toString()),
    created: wantsCreated(query),
  };
}
