const DISTRIBUTION = ['', '_sum', '_count', '_created'];
const SUFFIXES: ReadonlyMap<string, readonly string[]> = new Map([
  ['counter', ['', '_total', '_created']],
  ['histogram', [...DISTRIBUTION, '_bucket']],
  ['info', ['', '_info']],
  ['summary', DISTRIBUTION],
]);
const OWN_SUFFIX: ReadonlyMap<string, string> = new Map([
  ['counter', '_total'],
  ['info', '_info'],
]);

/**
 * Returns a metric's name without the suffix of its type: the name of its family in OpenMetrics.
 *
 * Returns `undefined` if OpenMetrics requires a suffix for this type and the name lacks it.
 */
export function familyName(name: string, type: string): string | undefined {
  const suffix = OWN_SUFFIX.get(type) ?? '';
  return name.endsWith(suffix) && name !== suffix ? name.slice(0, name.length - suffix.length) : undefined;
}

/**
 * Returns every name that a metric's family and samples may have, in either format. No other family may have one of
 * them.
 */
export function sampleNames(name: string, type: string): readonly string[] {
  const family = familyName(name, type);
  return family === undefined ? [name] : (SUFFIXES.get(type) ?? ['']).map((suffix) => family + suffix);
}
