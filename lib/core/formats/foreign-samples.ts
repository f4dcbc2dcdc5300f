import { type ForeignFamily, POINT_LABELS } from '../metrics/foreign-data.js';
import { type ForeignSample, seriesKey } from '../metrics/foreign-series.js';
import { samplesPerYield } from '../metrics/slices.js';
import { formatLabels, formatValue } from './escape.js';
import type { Format } from './format.js';
import { familyName } from './sample-names.js';

/** Writes the samples of a foreign metric. Yields regularly, so that the work can be divided into slices. */
export function* writeForeignSamples(
  { name, type, samples }: ForeignFamily,
  format: Format,
): Generator<void, string, void> {
  const fits = format.strict ? yield* rulesOf(type, samples) : () => true;
  let all = '';
  for (const [index, sample] of samples.entries()) {
    if (index % samplesPerYield === 0) yield;
    if (!fits(sample)) continue;
    const { suffix, labels, point, value, exemplar } = sample;
    const own = Object.fromEntries(labels);
    const text = formatLabels(point === undefined ? own : { ...own, [POINT_LABELS[type] ?? '']: format.bound(point) });
    const mayHaveExemplar = suffix === '_bucket' || (type === 'counter' && familyName(name, type) !== undefined);
    const exemplarText = exemplar !== undefined && mayHaveExemplar ? format.exemplar(exemplar) : '';
    all += `${name}${suffix}${text && `{${text}}`} ${formatValue(value)}${exemplarText}\n`;
  }
  return all;
}

/**
 * Determines which samples OpenMetrics allows.
 *
 * If a series can have negative values, its sum can decrease. The sum and the count are then omitted. If a count is not
 * an integer, the buckets, the sum and the count of its series are omitted.
 */
function* rulesOf(
  type: string,
  samples: readonly ForeignSample[],
): Generator<void, (sample: ForeignSample) => boolean, void> {
  const falling = new Set<string>();
  const fractional = new Set<string>();
  for (const [index, { suffix, labels, point, value }] of samples.entries()) {
    if (index % samplesPerYield === 0) yield;
    if (suffix === '_sum' ? !(value >= 0) : point !== undefined && point < 0) falling.add(seriesKey(labels));
    if ((suffix === '_bucket' || suffix === '_count') && !Number.isInteger(value)) fractional.add(seriesKey(labels));
  }
  return ({ suffix, labels, value }) => {
    if ((type === 'histogram' || suffix !== '') && fractional.size > 0 && fractional.has(seriesKey(labels)))
      return false;
    if (suffix === '_sum' || suffix === '_count') {
      return value >= 0 && !(falling.size > 0 && falling.has(seriesKey(labels)));
    }
    if (type === 'summary') return !(value < 0);
    return (type !== 'counter' && suffix !== '_bucket') || value >= 0;
  };
}
