import type { IncomingMessage } from 'node:http';
import type { Exposition } from '../formats/format.js';
import { acceptsGzip, negotiateFormat, wantsCreated } from '../formats/negotiate.js';

/** The format and the metrics of a scrape. This is plain data, because it is also sent to another thread. */
export interface ScrapeQuery extends Exposition {
  /** The names of the requested metrics; empty for all metrics. */
  readonly names: readonly string[];
}

/** A scrape query with the options of the response. */
export interface ScrapeRequest extends ScrapeQuery {
  /** Whether the client accepts gzip. */
  readonly gzip: boolean;
  /** Whether to include `_created` series. */
  readonly created: boolean;
}

/** Reads the query and the headers of a scrape. */
export function scrapeRequest({ url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>): ScrapeRequest {
  const query = new URLSearchParams(url.split('?', 2)[1]);
  return {
    format: negotiateFormat(headers.accept),
    escaping: 'underscores',
    names: query.getAll('name[]'),
    gzip: acceptsGzip(headers['accept-encoding']?.toString()),
    created: wantsCreated(query),
  };
}
