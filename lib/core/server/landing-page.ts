import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { acceptsGzip } from '../formats/negotiate.js';
import type { BuiltPage } from './built-page.js';
import { writeBody } from './write-body.js';

/** The page as it is sent. */
interface LoadedPage {
  readonly plain: Buffer;
  readonly zipped: Buffer;
  readonly tag: string;
  readonly contentSecurityPolicy: string;
}

const decompress = promisify(gunzip);

/** The page that draws the metrics in a browser. It is decompressed at the first request. */
export class LandingPage {
  #loaded: Promise<LoadedPage> | undefined;

  constructor(private readonly built: BuiltPage) {}

  /** Sends the page, or 304 if the client's copy is current. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#loaded ??= load(this.built);
    const page = await this.#loaded;
    const { headers } = request;
    const isZipped = acceptsGzip(headers['accept-encoding']?.toString());
    const tag = `"${page.tag}${isZipped ? '-gzip' : ''}"`;
    const facts = { ETag: tag, Vary: 'Accept, Accept-Encoding', 'Cache-Control': 'no-cache' };
    if (isKnown(tag, headers['if-none-match'])) {
      response.writeHead(304, facts).end();
      return;
    }
    const body = isZipped ? page.zipped : page.plain;
    response.writeHead(200, {
      ...facts,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': body.length,
      ...(isZipped ? { 'Content-Encoding': 'gzip' } : {}),
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

/** Whether a client has it already. Source: RFC 9110, section 13.1.2. */
function isKnown(tag: string, ifNoneMatch = ''): boolean {
  const known = ifNoneMatch.split(',').map((one) => one.trim().replace(/^W\//, ''));
  return known.includes('*') || known.includes(tag);
}
