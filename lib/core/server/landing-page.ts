import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { acceptsGzip } from '../formats/negotiate.js';
import { writeBody } from './write-body.js';

/** What the build makes of `page/`: the whole page in one text, and what its content may do. */
interface BuiltPage {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

/** The page as it is sent. */
interface LoadedPage {
  readonly plain: Buffer;
  readonly zipped: Buffer;
  readonly tag: string;
  readonly contentSecurityPolicy: string;
}

const BUILT = new URL('./page/landing-page.json', import.meta.url);
const compress = promisify(gzip);

/** The page that draws the metrics in a browser; it is read when the first one asks. */
export class LandingPage {
  #loaded: Promise<LoadedPage | undefined> | undefined;

  /** `built` is where the page lies; default beside the built package. */
  constructor(private readonly built: URL = BUILT) {}

  /** Answers with the page; resolves to false where none was built, as when the sources themselves are run. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    this.#loaded ??= load(this.built);
    const page = await this.#loaded;
    if (page === undefined) return false;
    const { headers } = request;
    const isZipped = acceptsGzip(headers['accept-encoding']?.toString());
    const tag = `"${page.tag}${isZipped ? '-gzip' : ''}"`;
    const facts = { ETag: tag, Vary: 'Accept, Accept-Encoding', 'Cache-Control': 'no-cache' };
    if (isKnown(tag, headers['if-none-match'])) {
      response.writeHead(304, facts).end();
      return true;
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
    return true;
  }
}

async function load(built: URL): Promise<LoadedPage | undefined> {
  let text: string;
  try {
    text = await readFile(built, 'utf8');
  } catch {
    // Whoever asks gets the metrics instead, which is what the server is for.
    return undefined;
  }
  const { html, contentSecurityPolicy } = JSON.parse(text) as BuiltPage;
  const tag = createHash('sha256').update(html).digest('base64url').slice(0, 27);
  return { plain: Buffer.from(html), zipped: await compress(html), tag, contentSecurityPolicy };
}

/** Whether a client has it already. Source: RFC 9110, section 13.1.2. */
function isKnown(tag: string, ifNoneMatch = ''): boolean {
  const known = ifNoneMatch.split(',').map((one) => one.trim().replace(/^W\//, ''));
  return known.includes('*') || known.includes(tag);
}
