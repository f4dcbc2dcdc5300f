import { formatLabels } from '../../lib/core/formats/escape.js';
import type { Exemplar, Family } from '../../lib/core/formats/family.js';
import { describeMetric, type MetricOptions } from '../../lib/core/metrics/descriptor.js';

/** The values of a series. */
export interface SeriesValues {
  readonly labels?: Readonly<Record<string, string>>;
  readonly cells: readonly number[];
  readonly createdSeconds?: number;
  /** Indexed like `cells`. */
  readonly exemplars?: readonly (Exemplar | undefined)[];
}

/** A family with these series. It replaces a family that is read from shared memory. */
export function familyOf(options: MetricOptions, ...values: readonly SeriesValues[]): Family {
  const series = values.map(({ labels = {}, cells, createdSeconds = 1_700_000_000.5, exemplars }) => ({
    labelText: formatLabels(labels),
    createdSeconds,
    cell: (index: number) => cells[index] ?? 0,
    ...(exemplars && { exemplar: (index: number) => exemplars[index] }),
  }));
  return { descriptor: describeMetric({ labels: Object.keys(values[0]?.labels ?? {}), ...options }), series };
}
