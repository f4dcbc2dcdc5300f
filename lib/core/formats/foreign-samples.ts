import { type ForeignFamily, POINT_LABELS } from '../metrics/foreign-data.js';
import { type ForeignSample, seriesKey } from '../metrics/foreign-series.js';
import { samplesPerYield } from '../metrics/slices.js';
import { formatValue } from './escape.js';
import { foreignLines } from './foreign-composites.js';
import { foreignLabelText } from './foreign-labels.js';
import type { Escaping, Format } from './format.js';
import { familyName } from './sample-names.js';
import { sampleStart } from './sample-start.js';

/** The samples of a foreign metric. */
export interface ForeignSamplesText {
  readonly text: string;
  /** The number of series that are omitted, because their labels are equal to those of another series. */
  readonly omitted: number;
}

/**
 * Writes the samples of a foreign metric. Yields regularly, so that the work can be divided into slices.
 *
 * @param family The metric with its name in the scrape.
 */
export function* writeForeignSamples(
  family: ForeignFamily,
  format: Format,
  escaping: Escaping,
): Generator<void, ForeignSamplesText, void> {
  const { name, type, samples } = family;
  const omitted = new Set<string>();
  const labelText = yield* foreignLabelText(samples, escaping, (key) => omitted.add(key));
  if (format.hasCompositeValues && type in POINT_LABELS) {
    return { text: yield* foreignLines(family, format, labelText), omitted: omitted.size };
  }
  const fits = format.strict ? yield* rulesOf(type, samples) : () => true;
  const mayHaveExemplar = type === 'counter' && (format.hasCompositeValues || familyName(name, type) !== undefined);
  const starts = new Map(['', '_bucket', '_sum', '_count'].map((suffix) => [suffix, sampleStart(name + suffix)]));
  let text = '';
  for (const [index, sample] of samples.entries()) {
    if (index % samplesPerYield === 0) yield;
    if (!fits(sample)) continue;
    const { suffix, labels, point, value, exemplar } = sample;
    const own = labelText(labels);
    const start = starts.get(suffix);
    if (own === undefined || start === undefined) continue;
    const pointText = point === undefined ? '' : `${own && ','}${POINT_LABELS[type] ?? ''}="${format.bound(point)}"`;
    const all = own + pointText;
    const exemplarText =
      exemplar !== undefined && (mayHaveExemplar || suffix === '_bucket') ? format.exemplar(exemplar) : '';
    text += `${all === '' ? start.bare : `${start.open}${all}} `}${formatValue(value)}${exemplarText}\n`;
  }
  return { text, omitted: omitted.size };
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
