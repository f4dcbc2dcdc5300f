import { type ForeignFamily, POINT_LABELS } from '../metrics/foreign-data.js';
import { type ForeignSample, seriesKey } from '../metrics/foreign-series.js';
import { formatLabels, formatValue } from './escape.js';
import type { Format } from './format.js';
import { familyName } from './sample-names.js';

/** Writes the samples of a foreign metric. */
export function writeForeignSamples({ name, type, samples }: ForeignFamily, format: Format): string {
  const fitting = format.strict ? samples.filter(rulesOf(type, samples)) : samples;
  const lines = fitting.map(({ suffix, labels, point, value, exemplar }) => {
    const own = Object.fromEntries(labels);
    const text = formatLabels(point === undefined ? own : { ...own, [POINT_LABELS[type] ?? '']: format.bound(point) });
    const mayHaveExemplar = suffix === '_bucket' || (type === 'counter' && familyName(name, type) !== undefined);
    const exemplarText = exemplar !== undefined && mayHaveExemplar ? format.exemplar(exemplar) : '';
    return `${name}${suffix}${text && `{${text}}`} ${formatValue(value)}${exemplarText}\n`;
  });
  return lines.join('');
}

/**
 * Which samples OpenMetrics allows.
 *
 * A sum that can decrease is omitted together with its count. A series with a count that is not an integer is omitted.
 */
function rulesOf(type: string, samples: readonly ForeignSample[]): (sample: ForeignSample) => boolean {
  const keysOf = (rule: (sample: ForeignSample) => boolean): ReadonlySet<string> =>
    new Set(samples.filter(rule).map(({ labels }) => seriesKey(labels)));
  const falling = keysOf(({ suffix, point, value }) =>
    suffix === '_sum' ? !(value >= 0) : point !== undefined && point < 0,
  );
  const fractional = keysOf(
    ({ suffix, value }) => (suffix === '_bucket' || suffix === '_count') && !Number.isInteger(value),
  );
  return ({ suffix, labels, value }) => {
    if ((type === 'histogram' || suffix !== '') && fractional.has(seriesKey(labels))) return false;
    if (suffix === '_sum' || suffix === '_count') return value >= 0 && !falling.has(seriesKey(labels));
    if (type === 'summary') return !(value < 0);
    return (type !== 'counter' && suffix !== '_bucket') || value >= 0;
  };
}
