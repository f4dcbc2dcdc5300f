import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { negotiateEncoding } from '../formats/negotiate-encoding.js';
import type { BuiltPage } from './built-page.js';
import { writeBody } from './write-body.js';

/** The page in the forms in which it is sent. */
interface LoadedPage {
  readonly plain: Buffer;
  readonly zipped: Buffer;
  readonly tag: string;
  readonly contentSecurityPolicy: string;
}

const decompress = promisify(gunzip);

/** The page that draws the metrics in a browser. The first request decompresses it. */
export class LandingPage {
  #loaded: Promise<LoadedPage> | undefined;

  constructor(private readonly built: BuiltPage) {}

  /** Sends the page, or status 304 if the copy of the client is current. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#loaded ??= load(this.built);
    const page = await this.#loaded;
    const { headers } = request;
    const acceptsZipped = negotiateEncoding(headers['accept-encoding']?.toString()) === 'gzip';
    const tag = `"${page.tag}${acceptsZipped ? '-gzip' : ''}"`;
    const cacheHeaders = { ETag: tag, Vary: 'Accept, Accept-Encoding', 'Cache-Control': 'no-cache' };
    if (isCurrent(tag, headers['if-none-match'])) {
      response.writeHead(304, cacheHeaders).end();
      return;
    }
    const body = acceptsZipped ? page.zipped : page.plain;
    response.writeHead(200, {
      ...cacheHeaders,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': body.length,
      ...(acceptsZipped ? { 'Content-Encoding': 'gzip' } : {}),
      'Content-Security-Policy': page.contentSecurityPolicy,
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    });
    await writeBody(response, body);
  }
}

async function load({ zippedHtml, contentSecurityPolicy }: BuiltPage): Promise<LoadedPage> {
  const zipped = Buffer.from(zippedHtml, 'base64');
  const plain = await decompress(zipped);
  const tag = createHash('sha256').update(plain).digest('base64url').slice(0, 27);
  return { plain, zipped, tag, contentSecurityPolicy };
}

/** Whether `If-None-Match` contains the tag. Source: RFC 9110, section 13.1.2. */
function isCurrent(tag: string, ifNoneMatch = ''): boolean {
  const known = ifNoneMatch.split(',').map((one) => one.trim().replace(/^W\//, ''));
  return known.includes('*') || known.includes(tag);
}
