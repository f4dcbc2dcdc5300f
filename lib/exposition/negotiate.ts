import type { FormatName } from './format.js';
import { type Preference, parsePreferences } from './preferences.js';

/** The media type of each format, and the versions of it that ours is taken for. */
const OFFERS: Readonly<Record<FormatName, { readonly type: string; readonly versions: readonly string[] }>> = {
  text: { type: 'text/plain', versions: ['0.0.4'] },
  openmetrics: { type: 'application/openmetrics-text', versions: ['1.0.0', '0.0.1'] },
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
  const named = (rank: Rank): boolean => rank.specificity >= 2;
  if (named(openMetrics) !== named(text)) return openMetrics.quality > 0 && named(openMetrics) ? 'openmetrics' : 'text';
  return openMetrics.position < text.position ? 'openmetrics' : 'text';
}

function rankOf(format: FormatName, preferences: readonly Preference[]): Rank {
  const ranks = preferences.map(
    (preference, position): Rank => ({
      quality: preference.quality,
      specificity: specificityOf(format, preference),
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

function specificityOf(format: FormatName, { value, parameters }: Preference): number {
  const { type, versions } = OFFERS[format];
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
