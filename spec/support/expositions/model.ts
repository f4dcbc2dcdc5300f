import type { Exemplar } from '../../../lib/core/formats/family.js';
import type { NativeHistogram, NativeSettings } from '../../../lib/core/metrics/native/native-histogram.js';

/** A series of a generated metric. Only the values of its kind are used. */
export interface ModelSeries {
  /** In the order of the metric's labels. */
  readonly labelValues: readonly string[];
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
  /** The bounds of a histogram, or the quantiles of a summary. */
  readonly points: readonly number[];
  readonly native: NativeSettings | undefined;
  readonly series: readonly ModelSeries[];
}

/** All names of a registry that may be escaped: those of metrics and labels. */
export function namesOf(families: readonly ModelFamily[]): string[] {
  return families.flatMap(({ name, labels }) => [name, ...labels]);
}
