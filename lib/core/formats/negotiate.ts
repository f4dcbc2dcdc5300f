import type { Escaping, Exposition, FormatName } from './format.js';
import { type Preference, parsePreferences } from './preferences.js';

/** The possible formats of a response. */
type Offer = FormatName | 'html';

/** The part of an `Accept` header that matches a format. */
interface MediaType {
  readonly type: string;
  /** The versions of the type that TinyLLM can serve. */
  readonly versions: readonly string[];
  /** Whether only entries match that name the version or all other parameters. */
  readonly isExact?: boolean;
  /** Parameters that an entry must have, in lower case. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** The media type of each format. */
const MEDIA_TYPES: Readonly<Record<Offer, MediaType>> = {
  text: { type: 'text/plain', versions: ['0.0.4'] },
  openmetrics: { type: 'application/openmetrics-text', versions: ['1.0.0', '0.0.1'] },
  'text-1.0': { type: 'text/plain', versions: ['1.0.0'], isExact: true },
  'openmetrics-2.0': { type: 'application/openmetrics-text', versions: ['2.0.0'], isExact: true },
  protobuf: {
    type: 'application/vnd.google.protobuf',
    versions: [],
    isExact: true,
    parameters: { proto: 'io.prometheus.client.metricfamily', encoding: 'delimited' },
  },
  html: { type: 'text/html', versions: [] },
};

/** The formats that every server offers. */
const FORMATS: readonly FormatName[] = ['text', 'openmetrics', 'text-1.0', 'protobuf'];
const ESCAPINGS: readonly string[] = ['allow-utf-8', 'underscores', 'dots', 'values'] satisfies Escaping[];

/** How well a format matches an `Accept` header. */
interface Rank {
  readonly quality: number;
  /** 3: type and all parameters; 2: type; 1: main type with a wildcard; 0: wildcard. */
  readonly specificity: number;
  /** Position in the header. */
  readonly position: number;
  /** The `escaping` parameter of the matching entry. */
  readonly escaping?: string | undefined;
}

const UNWANTED: Rank = { quality: 0, specificity: -1, position: Number.POSITIVE_INFINITY };

/** Options of a negotiation. */
export interface NegotiationOptions {
  /** Whether OpenMetrics 2.0 is offered; default false. */
  readonly openMetrics2?: boolean | undefined;
}

/** The format of a response, and whether its `Content-Type` states the escaping. */
export interface NegotiatedExposition extends Exposition {
  readonly statesEscaping: boolean;
}

/**
 * Chooses a scrape's format and its way to write names from the `Accept` header. The default is the text format 0.0.4.
 *
 * For each format, the most specific entry of the header determines `q`. The format with the largest `q` is chosen. If
 * the values are equal, a format that the header names has priority over a format that only matches a wildcard. If both
 * or neither are named, the first one in the header has priority. Entries with unsupported versions are ignored. The
 * text format 1.0.0, OpenMetrics 2.0 and protobuf only match entries with all their parameters. Other parameters are
 * ignored, except `escaping` and `q`. If the client accepts no format, the result is the text format 0.0.4.
 *
 * The escaping is that of the matching entry; default `underscores`. Prometheus 3 states no escaping for protobuf, so
 * the first escaping in the header applies to it. The text format 0.0.4 can't have UTF-8 names, so `allow-utf-8` also
 * becomes `underscores` there. Sources: RFC 9110, section 12.5.1, and
 * https://prometheus.io/docs/instrumenting/content_negotiation/
 */
export function negotiateExposition(
  accept = '',
  { openMetrics2 = false }: NegotiationOptions = {},
): NegotiatedExposition {
  const preferences = parsePreferences(accept);
  const offers: readonly FormatName[] = openMetrics2 ? [...FORMATS, 'openmetrics-2.0'] : FORMATS;
  let format: FormatName = 'text';
  let rank = rankOf('text', preferences);
  for (const offer of offers) {
    const other = rankOf(offer, preferences);
    if (other.quality > 0 && isBetter(other, rank)) [format, rank] = [offer, other];
  }
  const stated = rank.escaping ?? (format === 'protobuf' ? firstEscaping(preferences) : undefined);
  const escaping = isEscaping(stated) ? stated : 'underscores';
  if (format === 'text') {
    return { format, escaping: escaping === 'allow-utf-8' ? 'underscores' : escaping, statesEscaping: false };
  }
  return { format, escaping, statesEscaping: format === 'text-1.0' || stated !== undefined };
}

function firstEscaping(preferences: readonly Preference[]): string | undefined {
  const accepted = preferences.filter(({ quality }) => quality > 0);
  return accepted.map(({ parameters }) => parameters.get('escaping')).find(isEscaping);
}

function isEscaping(text: string | undefined): text is Escaping {
  return text !== undefined && ESCAPINGS.includes(text);
}

function isBetter(one: Rank, other: Rank): boolean {
  if (one.quality !== other.quality) return one.quality > other.quality;
  if (isNamed(one) !== isNamed(other)) return isNamed(one);
  return one.position < other.position;
}

/**
 * Whether a client prefers a web page to metrics, according to its `Accept` header.
 *
 * The header must name HTML with at least the `q` of the metrics format. If it names both with the same `q`, HTML must
 * be first. Browsers send such headers. curl and `fetch` accept anything, and Prometheus names the metrics formats.
 */
export function prefersHtml(accept = '', options: NegotiationOptions = {}): boolean {
  const preferences = parsePreferences(accept);
  const html = rankOf('html', preferences);
  const metrics = rankOf(negotiateExposition(accept, options).format, preferences);
  if (!isNamed(html) || html.quality === 0) return false;
  if (html.quality !== metrics.quality) return html.quality > metrics.quality;
  return !isNamed(metrics) || html.position < metrics.position;
}

function isNamed({ specificity }: Rank): boolean {
  return specificity >= 2;
}

function rankOf(offer: Offer, preferences: readonly Preference[]): Rank {
  let best = UNWANTED;
  for (const [position, preference] of preferences.entries()) {
    const specificity = specificityOf(offer, preference);
    const better = specificity - best.specificity || preference.quality - best.quality;
    if (specificity < 0 || better <= 0) continue;
    best = { quality: preference.quality, specificity, position, escaping: preference.parameters.get('escaping') };
  }
  return best;
}

function specificityOf(offer: Offer, { value, parameters }: Preference): number {
  const { type, versions, isExact = false, parameters: required = {} } = MEDIA_TYPES[offer];
  const version = parameters.get('version');
  const isVersioned = version !== undefined && versions.length > 0;
  if (isVersioned && !versions.includes(version)) return -1;
  if (value === type) {
    if (!Object.entries(required).every(([name, wanted]) => parameters.get(name) === wanted)) return -1;
    if (isVersioned || Object.keys(required).length > 0) return 3;
    return isExact ? -1 : 2;
  }
  if (isExact) return -1;
  if (value === type.replace(/\/.*/, '/*')) return 1;
  return value === '*/*' ? 0 : -1;
}

/**
 * Whether a scrape requests `_created` samples: `?created=1` or `?created=true`.
 *
 * They are optional because they make a scrape 50 % larger. Only OpenMetrics 1.0 has them.
 */
export function wantsCreated(query: URLSearchParams): boolean {
  return isSwitchedOn(query.get('created'));
}

/** Whether a scrape offers to receive OpenMetrics 2.0: `?openmetrics2=1` or `?openmetrics2=true`. */
export function allowsOpenMetrics2(query: URLSearchParams): boolean {
  return isSwitchedOn(query.get('openmetrics2'));
}

function isSwitchedOn(value: string | null): boolean {
  return value === '1' || value === 'true';
}
