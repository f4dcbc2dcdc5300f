import type { SeriesState } from './bound-series.js';
import type { LabelValues } from './configuration.js';

/** A value of a summary: the value of a quantile, the sum or the count. */
export interface SummaryValue<Label extends string> {
  readonly value: number;
  /** The sample's name if it differs from the metric's name. */
  readonly metricName?: string;
  readonly labels: LabelValues<Label | 'quantile'>;
}

/** Returns the values of a summary's series in prom-client's format: the quantiles, the sum and the count. */
export function summaryValues<Label extends string>(
  { page, offset, given }: SeriesState,
  { name, quantiles }: { readonly name: string; readonly quantiles: readonly number[] },
): SummaryValue<Label>[] {
  const labels = { ...given } as LabelValues<Label>;
  const [count, sum] = [page[offset + quantiles.length]!, page[offset + quantiles.length + 1]!];
  return [
    ...quantiles.map((quantile, index) => ({
      labels: { quantile, ...labels } as LabelValues<Label | 'quantile'>,
      value: page[offset + index]!,
    })),
    { metricName: `${name}_sum`, labels: labels as LabelValues<Label | 'quantile'>, value: sum },
    { metricName: `${name}_count`, labels: labels as LabelValues<Label | 'quantile'>, value: count },
  ];
}
