import { parsePreferences } from './preferences.js';

/** How a scrape is compressed. */
export type ContentEncoding = 'identity' | 'gzip' | 'zstd';

/** The names of each compression in an `Accept-Encoding` header. */
const NAMES: Readonly<Record<ContentEncoding, readonly string[]>> = {
  gzip: ['gzip', 'x-gzip'],
  zstd: ['zstd'],
  identity: ['identity'],
};

/**
 * Chooses the compression of a response from its `Accept-Encoding` header.
 *
 * The offered compression with the largest `q` is chosen. If the values are equal, the first offer has priority. `*`
 * only matches gzip, because every client that accepts compression has gzip. The response is not compressed if the
 * header names `identity` with a larger `q`, or if it accepts none of the offers. Source: RFC 9110, section 12.5.3.
 *
 * @param offers The compressions that this process supports, with the preferred one first.
 */
export function negotiateEncoding(
  acceptEncoding = '',
  offers: readonly Exclude<ContentEncoding, 'identity'>[] = ['gzip'],
): ContentEncoding {
  const preferences = parsePreferences(acceptEncoding);
  const qualityOf = (encoding: ContentEncoding): number | undefined =>
    preferences.find(({ value }) => NAMES[encoding].includes(value))?.quality;
  const others = preferences.find(({ value }) => value === '*')?.quality;
  let chosen: ContentEncoding = 'identity';
  let quality = 0;
  for (const offer of offers) {
    const own = qualityOf(offer) ?? (offer === 'gzip' ? others : undefined) ?? 0;
    if (own > quality) [chosen, quality] = [offer, own];
  }
  return quality >= (qualityOf('identity') ?? 0) ? chosen : 'identity';
}
