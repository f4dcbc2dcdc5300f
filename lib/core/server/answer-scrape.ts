import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { FORMATS } from '../formats/formats.js';
import { scrapeRequest } from './scrape-query.js';
import type { ScrapeSource } from './scrape-source.js';

const compress = promisify(gzip);

/** What a scrape is answered with, beside the status 200. */
export interface ScrapeAnswer {
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Uint8Array;
}

/** Renders a scrape in the format, and with the compression, that its request asks for. */
export async function answerScrape(
  request: Pick<IncomingMessage, 'url' | 'headers'>,
  source: ScrapeSource,
): Promise<ScrapeAnswer> {
  const asked = scrapeRequest(request);
  const text = await source.render(asked);
  const body = asked.gzip ? await compress(text, { level: constants.Z_BEST_SPEED }) : text;
  const headers = {
    'Content-Type': FORMATS[asked.format].contentType,
    'Content-Length': body.length,
    ...(asked.gzip ? { 'Content-Encoding': 'gzip' } : {}),
    Vary: 'Accept, Accept-Encoding',
  };
  return { headers, body };
}
