/** One entry of a header with preferences: `text/plain;version=0.0.4;q=0.5`. */
export interface Preference {
  /** In lower case, without parameters: `text/plain`, `gzip`, `*`. */
  readonly value: string;
  /** In lower case, without quotes and without `q`. */
  readonly parameters: ReadonlyMap<string, string>;
  /** From 0 (not acceptable) to 1 (the default). */
  readonly quality: number;
}

const ENTRY = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g;
const PART = /(?:[^;"]|"(?:[^"\\]|\\.)*"?)+/g;
/** Prometheus and browsers send fewer than 20. */
const MAX_ENTRIES = 100;
const QUALITY = /^(?:0(?:\.\d*)?|1(?:\.0*)?)$/;

/**
 * Parses `Accept`, `Accept-Encoding` and similar headers. Ignores entries whose `q` is not a number from 0 to 1, and
 * all entries after the first 100: a header of 16 KiB can contain thousands.
 *
 * Source: RFC 9110, sections 12.4.2 and 12.5.
 */
export function parsePreferences(header: string): Preference[] {
  return (header.match(ENTRY) ?? []).slice(0, MAX_ENTRIES).flatMap((entry) => {
    const [value = '', ...rest] = (entry.match(PART) ?? []).map((part) => part.trim().toLowerCase());
    const parameters = new Map(rest.map(parseParameter));
    const quality = parameters.get('q') ?? '1';
    parameters.delete('q');
    return value === '' || !QUALITY.test(quality) ? [] : [{ value, parameters, quality: Number(quality) }];
  });
}

function parseParameter(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals < 0) return [text, ''];
  const name = text.slice(0, equals).trim();
  const value = text.slice(equals + 1).trim();
  return [name, /^".*"$/s.test(value) ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value];
}
