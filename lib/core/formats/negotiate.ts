import type { TextFormatName } from './format.js';
import { type Preference, parsePreferences } from './preferences.js';

/** The possible formats of a response. */
type Offer = TextFormatName | 'html';

/** The media type of each format, and the versions of that type which TinyLLM can serve. */
const OFFERS: Readonly<Record<Offer, { readonly type: string; readonly versions: readonly string[] }>> = {
  text: { type: 'text/plain', versions: ['0.0.4'] },
  openmetrics: { type: 'application/openmetrics-text', versions: ['1.0.0', '0.0.1'] },
  html: { type: 'text/html', versions: [] },
};

/** How well a format matches an `Accept` header. */
interface Rank {
  readonly quality: number;
  /** 3: type and version; 2: type; 1: main type with a wildcard; 0: wildcard. */
  readonly specificity: number;
  /** Position in the header. */
  readonly position: number;
}

const UNWANTED: Rank = { quality: 0, specificity: -1, position: Number.POSITIVE_INFINITY };

/**
 * Chooses a scrape's format from its `Accept` header. The default is the text format.
 *
 * For each format, the most specific entry of the header determines `q`. The format with the larger `q` is chosen. If
 * the values are equal, a format that the header names has priority over a format that only matches a wildcard. If both
 * or neither are named, the first one in the header has priority. Entries with unsupported versions are ignored, and so
 * are all parameters except the version and `q`. If the client accepts neither format, the result is the text format.
 * Source: RFC 9110, section 12.5.1.
 */
export function negotiateFormat(accept = ''): TextFormatName {
  const preferences = parsePreferences(accept);
  const text = rankOf('text', preferences);
  const openMetrics = rankOf('openmetrics', preferences);
  if (openMetrics.quality !== text.quality) return openMetrics.quality > text.quality ? 'openmetrics' : 'text';
  if (isNamed(openMetrics) !== isNamed(text)) {
    return openMetrics.quality > 0 && isNamed(openMetrics) ? 'openmetrics' : 'text';
  }
  return openMetrics.position < text.position ? 'openmetrics' : 'text';
}

/**
 * Whether a client prefers a web page to metrics, according to its `Accept` header.
 *
 * The header must name HTML with at least the `q` of the metrics format. If it names both with the same `q`, HTML must
 * be first. Browsers send such headers. curl and `fetch` accept anything, and Prometheus names the metrics formats.
 */
export function prefersHtml(accept = ''): boolean {
  const preferences = parsePreferences(accept);
  const html = rankOf('html', preferences);
  const metrics = rankOf(negotiateFormat(accept), preferences);
  if (!isNamed(html) || html.quality === 0) return false;
  if (html.quality !== metrics.quality) return html.quality > metrics.quality;
  return !isNamed(metrics) || html.position < metrics.position;
}

function isNamed({ specificity }: Rank): boolean {
  return specificity >= 2;
}

function rankOf(offer: Offer, preferences: readonly Preference[]): Rank {
  const ranks = preferences.map(
    (preference, position): Rank => ({
      quality: preference.quality,
      specificity: specificityOf(offer, preference),
      position,
    }),
  );
  return ranks
    .filter(({ specificity }) => specificity >= 0)
    .reduce((best, one) => {
      const better = one.specificity - best.specificity || one.quality - best.quality;
      return better > 0 ? one : best;
    }, UNWANTED);
}

function specificityOf(offer: Offer, { value, parameters }: Preference): number {
  const { type, versions } = OFFERS[offer];
  const version = parameters.get('version');
  if (version !== undefined && !versions.includes(version)) return -1;
  if (value === type) return version === undefined ? 2 : 3;
  if (value === type.replace(/\/.*/, '/*')) return 1;
  return value === '*/*' ? 0 : -1;
}

/**
 * Whether a scrape may be compressed with gzip, according to its `Accept-Encoding` header.
 *
 * This is the case if the header allows gzip (or `*`) and doesn't prefer uncompressed text. Source: RFC 9110, section
 * 12.5.3.
 */
export function acceptsGzip(acceptEncoding = ''): boolean {
  const preferences = parsePreferences(acceptEncoding);
  const qualityOf = (...codings: readonly string[]): number | undefined =>
    preferences.find(({ value }) => codings.includes(value))?.quality;
  const gzip = qualityOf('gzip', 'x-gzip') ?? qualityOf('*') ?? 0;
  return gzip > 0 && gzip >= (qualityOf('identity') ?? 0);
}

/**
 * Whether a scrape requests `_created` samples: `?created=1` or `?created=true`.
 *
 * They are optional because they make a scrape 50 % larger. The text format doesn't have them.
 */
export function wantsCreated(query: URLSearchParams): boolean {
  return ['1', 'true'].includes(query.get('created') ?? '');
}
