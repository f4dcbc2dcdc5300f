import { isLabelName } from '../metrics/exposition-names.js';
import { type ForeignSample, seriesKey } from '../metrics/foreign-series.js';
import type { ForeignLabels } from '../metrics/foreign-values.js';
import { samplesPerYield } from '../metrics/slices.js';
import { formatPairs } from './escape.js';
import type { Escaping } from './format.js';
import { escapePairs } from './series-labels.js';

/** Labels of a foreign sample as they are written. */
export type WrittenLabels = Iterable<readonly [name: string, value: string]>;

/** Returns the labels of a foreign sample as text. Returns `undefined` if its series must be omitted. */
export type ForeignLabelText = (labels: ForeignLabels) => string | undefined;

/** Creates a function that escapes and formats the labels of a metric's samples. See {@link foreignLabels}. */
export function* foreignLabelText(
  samples: readonly ForeignSample[],
  escaping: Escaping,
  onOmitted: (key: string) => void,
): Generator<void, ForeignLabelText, void> {
  const labelsOf = yield* foreignLabels(samples, escaping, onOmitted);
  return (labels) => {
    const written = labelsOf(labels);
    return written && formatPairs(written);
  };
}

/**
 * Creates a function that escapes the label names of a metric's samples. It returns `undefined` if the series of a
 * sample must be omitted.
 *
 * If several series have equal labels after escaping, only the first one remains. Yields regularly, so that the work
 * can be divided into slices.
 *
 * @param onOmitted Called for each omitted sample with the key of its series.
 */
export function* foreignLabels(
  samples: readonly ForeignSample[],
  escaping: Escaping,
  onOmitted: (key: string) => void,
): Generator<void, (labels: ForeignLabels) => WrittenLabels | undefined, void> {
  if (!(yield* mustEscape(samples, escaping))) return (labels) => labels;
  const owners = new Map<string, string>();
  return (labels) => {
    const key = seriesKey(labels);
    const pairs = escapePairs(labels, escaping);
    const escapedKey = pairs && seriesKey(new Map(pairs));
    if (pairs !== undefined && escapedKey !== undefined) {
      if (!owners.has(escapedKey)) owners.set(escapedKey, key);
      if (owners.get(escapedKey) === key) return pairs;
    }
    onOmitted(key);
    return undefined;
  };
}

function* mustEscape(samples: readonly ForeignSample[], escaping: Escaping): Generator<void, boolean, void> {
  if (escaping === 'allow-utf-8' || escaping === 'dots') return escaping === 'dots';
  for (const [index, { labels }] of samples.entries()) {
    if (index % samplesPerYield === 0) yield;
    for (const name of labels.keys()) if (!isLabelName(name)) return true;
  }
  return false;
}
