import { isLabelName } from '../metrics/exposition-names.js';
import { formatPairs } from './escape.js';
import { escapeLabelName } from './escape-name.js';
import type { Family } from './family.js';
import type { Escaping } from './format.js';
import { mayHaveQuotedName, readLabelText } from './read-label-text.js';

/** Returns the labels of a series as a scrape contains them. Returns `undefined` if the series must be omitted. */
export type SeriesLabels = (labelText: string) => string | undefined;

/**
 * Creates a function that escapes the label names of a family's series. Plain names take no extra time, except for
 * `dots`.
 *
 * If several series have equal labels after escaping, only the first one remains. A series is also omitted if two of
 * its own labels have equal names.
 */
export function seriesLabels({ descriptor, series }: Family, escaping: Escaping): SeriesLabels {
  if (escaping === 'allow-utf-8') return (labelText) => labelText;
  const { labels } = descriptor;
  const escapeNext = uniqueLabels(escaping);
  let mustEscape = escaping === 'dots' || !labels.every(isLabelName) || (labels.length === 0 && hasQuotedNames(series));
  return (labelText) => {
    mustEscape ||= mayHaveQuotedName(labelText);
    return mustEscape ? escapeNext(readLabelText(labelText)) : labelText;
  };
}

/** Series whose labels are not declared, such as those of a hub, can have any labels. */
function hasQuotedNames(series: Family['series']): boolean {
  for (const { labelText } of series) if (mayHaveQuotedName(labelText)) return true;
  return false;
}

/** Creates a function that escapes and formats labels. It returns each label set only once. */
export function uniqueLabels(
  escaping: Escaping,
): (labels: Iterable<readonly [name: string, value: string]>) => string | undefined {
  const written = new Set<string>();
  return (labels) => {
    const pairs = escapePairs(labels, escaping);
    const key = pairs && setKey(pairs);
    if (pairs === undefined || key === undefined || written.has(key)) return undefined;
    written.add(key);
    return formatPairs(pairs);
  };
}

/** Returns the pairs with escaped names. Returns `undefined` if two names are then equal, or a name is reserved. */
export function escapePairs<Value>(
  labels: Iterable<readonly [name: string, value: Value]>,
  escaping: Escaping,
): [name: string, value: Value][] | undefined {
  const pairs = new Map<string, Value>();
  for (const [name, value] of labels) {
    const escaped = escapeLabelName(name, escaping);
    if (pairs.has(escaped) || escaped === '__name__') return undefined;
    pairs.set(escaped, value);
  }
  return [...pairs];
}

/** Returns the comment about series that were omitted, because {@link escapePairs} made their labels equal. */
export function equalLabels(metric: string, omitted: number): string {
  return `The metric ${metric} has ${omitted} more series, whose labels are equal after their names were escaped.`;
}

/** Prometheus ignores the order of labels, and labels with an empty value. */
function setKey(pairs: readonly (readonly [name: string, value: string])[]): string {
  return JSON.stringify(pairs.filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1)));
}
