import type { IncomingMessage } from 'node:http';
import { FORMATS } from '../formats/formats.js';
import { scrapeRequest } from './scrape-query.js';
import type { ScrapeBody } from './scrape-rendering.js';
import type { SharedScrapes } from './shared-scrapes.js';

/** The response to a scrape, without its status 200. */
export interface ScrapeAnswer extends ScrapeBody {
  readonly headers: Readonly<Record<string, string | number>>;
}

/**
 * Renders a scrape in the format and with the compression that its request asks for.
 *
 * @param drop Called if the memory of the body is needed for others because the client reads too slowly.
 * @returns `undefined` if too many bytes wait to be sent.
 */
export async function answerScrape(
  request: Pick<IncomingMessage, 'url' | 'headers'>,
  scrapes: SharedScrapes,
  drop: () => void,
): Promise<ScrapeAnswer | undefined> {
  const asked = scrapeRequest(request);
  const body = await scrapes.take(asked, drop);
  if (body === undefined) return undefined;
  const { content } = body;
  const headers = {
    'Content-Type': FORMATS[asked.format].contentType,
    ...(content instanceof Uint8Array ? { 'Content-Length': content.length } : {}),
    ...(asked.gzip ? { 'Content-Encoding': 'gzip' } : {}),
    Vary: 'Accept, Accept-Encoding',
  };
  return { headers, ...body };
}
