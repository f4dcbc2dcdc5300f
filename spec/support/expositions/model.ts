import type { Exemplar } from '../../../lib/core/formats/family.js';
import type { NativeHistogram, NativeSettings } from '../../../lib/core/metrics/native/native-histogram.js';

/** A series of a generated metric. Only the values of its kind are used. */
export interface ModelSeries {
  /** In the order of the metric's labels. Undefined if the series doesn't have the label. */
  readonly labelValues: readonly (string | undefined)[];
  readonly createdMilliseconds: number;
  /** The value of a counter, gauge, info or metric without a type. */
  readonly value: number;
  /** The counts of a histogram's buckets, not cumulative, including the one above the last bound. */
  readonly counts: readonly number[];
  /** The values of a summary's quantiles. */
  readonly quantiles: readonly number[];
  /** The count of a summary. */
  readonly count: number;
  /** The sum of a histogram or summary. */
  readonly sum: number;
  /** Indexed like `counts`. A counter has only the first one. */
  readonly exemplars: readonly (Exemplar | undefined)[];
  readonly native: NativeHistogram | undefined;
}

/** A generated metric. */
export interface ModelFamily {
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'gauge' | 'histogram' | 'info' | 'summary' | 'unknown';
  /** Whether it is a metric of another library, in prom-client's form. Otherwise it is a metric of TinyLLM. */
  readonly isForeign: boolean;
  readonly unit: string | undefined;
  readonly labels: readonly string[];
  /** Labels of every series that doesn't have a label of the same name. Empty for metrics of other libraries. */
  readonly defaultLabels: Readonly<Record<string, string>>;
  /** Whether the series also contain their label values as bytes, as series in shared memory do. */
  readonly hasLabelBytes: boolean;
  /** The bounds of a histogram, or the quantiles of a summary. */
  readonly points: readonly number[];
  readonly native: NativeSettings | undefined;
  readonly series: readonly ModelSeries[];
}

/** The labels of a series by name. A label without a value doesn't exist in Prometheus's data model. */
export function labelsOf(
  { kind, labels, defaultLabels }: Pick<ModelFamily, 'kind' | 'labels' | 'defaultLabels'>,
  { labelValues }: Pick<ModelSeries, 'labelValues'>,
): [name: string, value: string][] {
  const reserved = kind === 'histogram' ? 'le' : kind === 'summary' ? 'quantile' : undefined;
  const all = new Map(Object.entries(defaultLabels).filter(([name]) => name !== reserved));
  for (const [index, name] of labels.entries()) {
    const value = labelValues[index];
    if (value !== undefined) all.set(name, value);
  }
  return [...all].filter(([, value]) => value !== '');
}

/** All names of a registry that may be escaped: those of metrics and labels. */
export function namesOf(families: readonly ModelFamily[]): string[] {
  return families.flatMap(({ name, labels, defaultLabels }) => [name, ...labels, ...Object.keys(defaultLabels)]);
}
