import type { IncomingMessage } from 'node:http';
import { expositionWriter } from '../formats/exposition-writer.js';
import { scrapeRequest } from './scrape-query.js';
import type { ScrapeBody } from './scrape-rendering.js';
import type { SharedScrapes } from './shared-scrapes.js';

/** The response to a scrape, without its status 200. */
export interface ScrapeResponse extends ScrapeBody {
  readonly headers: Readonly<Record<string, string | number>>;
}

/**
 * Renders a scrape in the format and with the compression that the request accepts.
 *
 * @param drop Called if the client reads too slowly and other scrapes need the memory of the body.
 * @returns `undefined` if too many bytes wait to be sent.
 */
export async function renderScrapeResponse(
  request: Pick<IncomingMessage, 'url' | 'headers'>,
  scrapes: SharedScrapes,
  drop: () => void,
): Promise<ScrapeResponse | undefined> {
  const scrape = scrapeRequest(request, scrapes.negotiation);
  const body = await scrapes.renderShared(scrape, drop);
  if (body === undefined) return undefined;
  const { content } = body;
  const { encoding, escaping, statesEscaping } = scrape;
  const { contentType } = expositionWriter(scrape);
  const headers = {
    'Content-Type': statesEscaping ? `${contentType}; escaping=${escaping}` : contentType,
    ...(content instanceof Uint8Array ? { 'Content-Length': content.length } : {}),
    ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
    Vary: 'Accept, Accept-Encoding',
  };
  return { headers, ...body };
}
