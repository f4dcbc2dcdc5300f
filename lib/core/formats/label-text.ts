import type { Descriptor } from '../metrics/descriptor.js';
import { escapeLabelValue, formatLabels } from './escape.js';
import type { DefaultLabels } from './foreign-metric.js';

/** Writes the labels of one series after the other, as they stand between braces; takes the values of each. */
export type LabelWriter = (values: readonly string[]) => string;

/**
 * Makes what writes the labels of a metric's series: their own, then the default labels.
 *
 * A label of the series' own wins over a default label of that name, and so does `le` of a histogram's buckets.
 */
export function labelWriter(
  { labels, kind }: Pick<Descriptor, 'labels' | 'kind'>,
  defaultLabels: DefaultLabels = {},
): LabelWriter {
  const taken = kind === 'histogram' ? [...labels, 'le'] : labels;
  const besides = formatLabels(
    Object.fromEntries(Object.entries(defaultLabels).filter(([label]) => !taken.includes(label))),
  );
  if (labels.length === 0) return () => besides;
  // What stands before each value, its quotes included; written once, not with each series.
  const before = labels.map((label, index) => `${index > 0 ? '",' : ''}${label}="`);
  const behind = besides === '' ? '"' : `",${besides}`;
  return (values) => {
    let text = '';
    for (let index = 0; index < before.length; index++) {
      text += before[index]! + escapeLabelValue(values[index] ?? '');
    }
    return text + behind;
  };
}
