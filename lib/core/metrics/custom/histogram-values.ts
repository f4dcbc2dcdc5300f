import type { BoundSeries } from './bound-series.js';
import { toPromClientExemplar } from './exemplar.js';
import type { SharedHistogramValue } from './histogram.js';

/** Facts about the histogram of a series. */
export interface HistogramFacts {
  readonly name: string;
  readonly bounds: readonly number[];
  readonly hasExemplars: boolean;
}

/** Returns the values of a histogram's series in prom-client's format: cumulative buckets, the sum and the count. */
export function histogramValues(
  { page, offset, given, exemplars }: BoundSeries,
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
