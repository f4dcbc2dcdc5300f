import { formatLabels, formatValue } from './escape.js';
import type { DefaultLabels, ForeignData, ForeignValue } from './foreign-metric.js';
import type { Format } from './format.js';
import { familyName } from './sample-names.js';

/** The label that tells a distribution's samples apart, by its type. */
const POINT_LABELS: Readonly<Record<string, string>> = { histogram: 'le', summary: 'quantile' };

/** A sample with its name and labels made out. */
interface Sample {
  /** What its name has behind the metric's: `_bucket`, `_sum`, `_count` or nothing. */
  readonly suffix: string;
  readonly labels: Readonly<Record<string, unknown>>;
  /** Its bucket's bound, or its quantile. */
  readonly point: number | undefined;
  readonly given: ForeignValue;
}

/** Writes the samples of a metric under the name it was registered with. */
export function writeForeignSamples(
  metric: { readonly name: string; readonly data: ForeignData },
  format: Format,
  defaultLabels: DefaultLabels,
): string {
  const { name, data } = metric;
  const { type, values = [] } = data;
  const samples = values.map((value) => toSample(value, data, defaultLabels));
  const fitting = format.strict ? samples.filter(rulesOf(type, samples)) : samples;
  const lines = fitting.map(({ suffix, labels, point, given }) => {
    const all = point === undefined ? labels : { ...labels, [POINT_LABELS[type] ?? '']: format.bound(point) };
    const text = formatLabels(all);
    const mayHaveExemplar = suffix === '_bucket' || (type === 'counter' && familyName(name, type) !== undefined);
    const exemplar = given.exemplar && mayHaveExemplar ? toExemplar(given.exemplar, format) : '';
    return `${name}${suffix}${text && `{${text}}`} ${formatValue(given.value)}${exemplar}\n`;
  });
  return lines.join('');
}

function toSample(given: ForeignValue, { name, type }: ForeignData, defaultLabels: DefaultLabels): Sample {
  const pointLabel = POINT_LABELS[type] ?? '';
  const own = { ...given.sharedLabels, ...given.labels };
  const { [pointLabel]: point, ...labels } = { ...own, ...defaultLabels, ...own };
  return {
    suffix: given.metricName?.startsWith(name) ? given.metricName.slice(name.length) : '',
    labels,
    point: pointLabel in own ? (point === '+Inf' ? Number.POSITIVE_INFINITY : Number(point)) : undefined,
    given,
  };
}

function toExemplar({ labelSet, value, timestamp }: NonNullable<ForeignValue['exemplar']>, format: Format): string {
  return format.exemplar({
    labels: labelSet,
    value,
    ...(timestamp === undefined ? {} : { timestampSeconds: timestamp }),
  });
}

/** Which samples OpenMetrics has a place for; a sum that could go down goes, and its count with it. */
function rulesOf(type: string, samples: readonly Sample[]): (sample: Sample) => boolean {
  const falling = new Set(
    samples
      .filter(({ suffix, point, given }) =>
        suffix === '_sum' ? !(given.value >= 0) : point !== undefined && point < 0,
      )
      .map(({ labels }) => formatLabels(labels)),
  );
  return ({ suffix, labels, given: { value } }) => {
    if (suffix === '_sum' || suffix === '_count') return value >= 0 && !falling.has(formatLabels(labels));
    if (type === 'summary') return !(value < 0);
    return (type !== 'counter' && suffix !== '_bucket') || value >= 0;
  };
}
