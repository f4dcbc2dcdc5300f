import type { SeriesState } from './bound-series.js';
import type { LabelValues } from './configuration.js';
import { type PromClientExemplar, toPromClientExemplar } from './exemplar.js';
import type { GivenLabels } from './label-values.js';

/** A value of a histogram: the cumulative count of a bucket, the sum or the count. */
export interface HistogramValue<Label extends string> {
  readonly value: number;
  readonly metricName: string;
  readonly labels: LabelValues<Label | 'le'>;
  readonly exemplar?: PromClientExemplar | null | undefined;
}

/** A value of a histogram. The labels of the series are separate from the bound of the bucket. */
export interface SharedHistogramValue extends Omit<HistogramValue<string>, 'labels'> {
  readonly labels: LabelValues<string>;
  readonly sharedLabels: GivenLabels;
}

/** Facts about the histogram of a series. */
export interface HistogramFacts {
  readonly name: string;
  readonly bounds: readonly number[];
  readonly hasExemplars: boolean;
}

/** Returns the values of a histogram's series in prom-client's format: cumulative buckets, the sum and the count. */
export function histogramValues(
  { page, offset, given, exemplars }: SeriesState,
  { name, bounds, hasExemplars }: HistogramFacts,
): SharedHistogramValue[] {
  let count = 0;
  const buckets = [...bounds, '+Inf'].map((le, index) => {
    count += page[offset + index]!;
    const exemplar = hasExemplars ? exemplars?.[index] : undefined;
    return {
      labels: { le },
      sharedLabels: given,
      value: count,
      metricName: `${name}_bucket`,
      exemplar: exemplar === undefined ? null : toPromClientExemplar(exemplar),
    };
  });
  const sum = page[offset + bounds.length + 1]!;
  const others = [
    { metricName: `${name}_sum`, value: sum },
    { metricName: `${name}_count`, value: count },
  ].map((value) => ({ labels: {}, sharedLabels: given, exemplar: undefined, ...value }));
  return [...buckets, ...others];
}
