import type { FormatName } from './format.js';
import { type Preference, parsePreferences } from './preferences.js';

/** What a client may be answered with. */
type Offer = FormatName | 'html';

/** The media type of each offer, and the versions of it that ours is taken for. */
const OFFERS: Readonly<Record<Offer, { readonly type: string; readonly versions: readonly string[] }>> = {
  text: { type: 'text/plain', versions: ['0.0.4'] },
  openmetrics: { type: 'application/openmetrics-text', versions: ['1.0.0', '0.0.1'] },
  html: { type: 'text/html', versions: [] },
};

/** How well a client would be served with something: what it says of it, and how exactly. */
interface Rank {
  readonly quality: number;
  /** 3 with its version, 2 by its name, 1 by half of it, 0 by a wildcard. */
  readonly specificity: number;
  /** Where in the header it stands. */
  readonly position: number;
}

const UNWANTED: Rank = { quality: 0, specificity: -1, position: Number.POSITIVE_INFINITY };

/**
 * Chooses a scrape's format by its `Accept` header, the text format when nothing speaks for OpenMetrics.
 *
 * The most specific entry decides about a format, then the larger `q`; of formats wanted alike the one that is
 * named, then the one named first. A version we do not write is as if it were not there; parameters other than the
 * version and `q` are passed over. Never refuses: who takes neither format gets text. Source: RFC 9110, section 12.5.1.
 */
export function negotiateFormat(accept = ''): FormatName {
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
 * Whether a client would rather read a web page than metrics, by its `Accept` header.
 *
 * It names HTML, and no format of metrics with as large a `q` before it: a browser does so, while curl and `fetch` take
 * anything and Prometheus names its formats.
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
 * Whether a scrape may be answered with gzip, by its `Accept-Encoding` header.
 *
 * It may where gzip (or `*`) is not refused and the client does not say that it would rather have the bare text.
 * Source: RFC 9110, section 12.5.3.
 */
export function acceptsGzip(acceptEncoding = ''): boolean {
  const preferences = parsePreferences(acceptEncoding);
  const qualityOf = (...codings: readonly string[]): number | undefined =>
    preferences.find(({ value }) => codings.includes(value))?.quality;
  const gzip = qualityOf('gzip', 'x-gzip') ?? qualityOf('*') ?? 0;
  return gzip > 0 && gzip >= (qualityOf('identity') ?? 0);
}

/**
 * Whether a scrape asks for `_created` samples: `?created=1`, or `true`.
 *
 * They make a scrape half as large again, so nobody gets them unasked; the text format has none.
 */
export function wantsCreated(query: URLSearchParams): boolean {
  return ['1', 'true'].includes(query.get('created') ?? '');
}
