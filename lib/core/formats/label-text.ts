import type { Descriptor } from '../metrics/descriptor.js';
import { ABSENT_LABEL_VALUE } from '../metrics/label-value.js';
import { escapeLabelValue, formatLabelName, formatLabels } from './escape.js';
import type { DefaultLabels } from './foreign-metric.js';

/** Writes the labels of a series, without braces, from its label values. */
export type LabelWriter = (values: readonly string[]) => string;

/** The labels that distinguish the samples of a series, by kind. */
export const RESERVED_LABELS: Partial<Record<Descriptor['kind'], readonly string[]>> = {
  histogram: ['le'],
  summary: ['quantile'],
};

/**
 * Creates a function that writes the labels of a metric's series: their own labels, then the default labels.
 *
 * A default label is omitted if the series has a label of the same name. In histograms, the default label `le` is
 * omitted, and in summaries the default label `quantile`.
 */
export function labelWriter(
  { labels, kind }: Pick<Descriptor, 'labels' | 'kind'>,
  defaultLabels: DefaultLabels = {},
): LabelWriter {
  const reserved = RESERVED_LABELS[kind] ?? [];
  const taken = [...labels, ...reserved];
  const defaultLabelText = formatLabels(
    Object.fromEntries(Object.entries(defaultLabels).filter(([label]) => !taken.includes(label))),
  );
  if (labels.length === 0) return () => defaultLabelText;
  // The text before each value, including quotes. Created once, not for each series.
  const before = labels.map((label, index) => `${index > 0 ? '",' : ''}${formatLabelName(label)}="`);
  const end = defaultLabelText === '' ? '"' : `",${defaultLabelText}`;
  const withoutAbsent = (values: readonly string[]): string => {
    const present = labels.flatMap((label, index) =>
      values[index] === ABSENT_LABEL_VALUE ? [] : [[label, values[index]!] as const],
    );
    const names = [...present.map(([label]) => label), ...reserved];
    const defaults = Object.entries(defaultLabels).filter(([label]) => !names.includes(label));
    return formatLabels(Object.fromEntries([...present, ...defaults]));
  };
  return (values) => {
    let text = '';
    for (let index = 0; index < before.length; index++) {
      const value = values[index] ?? '';
      if (value === ABSENT_LABEL_VALUE) return withoutAbsent(values);
      text += before[index]! + escapeLabelValue(value);
    }
    return text + end;
  };
}
