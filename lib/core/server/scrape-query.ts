import type { IncomingMessage } from 'node:http';
import type { Exposition } from '../formats/format.js';
import {
  allowsOpenMetrics2,
  type NegotiatedExposition,
  type NegotiationOptions,
  negotiateExposition,
  wantsCreated,
} from '../formats/negotiate.js';
import { type ContentEncoding, negotiateEncoding } from '../formats/negotiate-encoding.js';
import { compressions } from './compress.js';

/** The format and the metrics of a scrape. This is plain data, because it is also sent to another thread. */
export interface ScrapeQuery extends Exposition {
  /** The names of the requested metrics; empty for all metrics. */
  readonly names: readonly string[];
}

/** A scrape query with the options of the response. */
export interface ScrapeRequest extends ScrapeQuery, NegotiatedExposition {
  /** How to compress the response. */
  readonly encoding: ContentEncoding;
  /** Whether to include `_created` series. */
  readonly created: boolean;
}

/** Reads the query and the headers of a scrape. `?openmetrics2=1` offers OpenMetrics 2.0 for this request. */
export function scrapeRequest(
  { url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>,
  { openMetrics2 = false }: NegotiationOptions = {},
): ScrapeRequest {
  const query = new URLSearchParams(url.split('?', 2)[1]);
  return {
    ...negotiateExposition(headers.accept, { openMetrics2: openMetrics2 || allowsOpenMetrics2(query) }),
    names: query.getAll('name[]'),
    encoding: negotiateEncoding(headers['accept-encoding']?.toString(), compressions),
    created: wantsCreated(query),
  };
}
