import { formatLabels } from '../../lib/core/formats/escape.js';
import type { Exemplar, Family } from '../../lib/core/formats/family.js';
import { describeMetric, type MetricOptions } from '../../lib/core/metrics/descriptor.js';

/** A series as a spec puts it. */
export interface GivenSeries {
  readonly labels?: Readonly<Record<string, string>>;
  readonly cells: readonly number[];
  readonly createdSeconds?: number;
  /** By the index of the cell. */
  readonly exemplars?: readonly (Exemplar | undefined)[];
}

/** A family that holds what it is given, standing in for one that is read from shared memory. */
export function familyOf(options: MetricOptions, ...given: readonly GivenSeries[]): Family {
  const series = given.map(({ labels = {}, cells, createdSeconds = 1_700_000_000.5, exemplars }) => ({
    labelText: formatLabels(labels),
    createdSeconds,
    cell: (index: number) => cells[index] ?? 0,
    ...(exemplars && { exemplar: (index: number) => exemplars[index] }),
  }));
  return { descriptor: describeMetric({ labels: Object.keys(given[0]?.labels ?? {}), ...options }), series };
}
