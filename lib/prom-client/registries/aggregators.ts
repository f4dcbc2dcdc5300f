import type { Aggregator } from 'prom-client-original';

/** A metric as `getMetricsAsJSON` returns it. */
export interface CollectedMetric {
  readonly name: string;
  readonly help: string;
  readonly type: unknown;
  readonly aggregator?: Aggregator;
  readonly values: readonly CollectedValue[];
}

/** A sample of a metric. Samples of histograms and summaries have their own names. */
export interface CollectedValue {
  readonly value: number;
  readonly labels: object;
  readonly metricName?: string;
}

/** Combines metrics with the same name from several processes. Returns undefined to omit the metric. */
export type AggregatorFunction = (metrics: readonly CollectedMetric[]) => CollectedMetric | undefined;

/** The functions that combine a metric from several processes, by the value of the metric's `aggregator` option. */
export const aggregators: Record<Aggregator, AggregatorFunction> = {
  sum: createAggregator((values) => values.reduce((sum, value) => sum + value, 0)),
  first: createAggregator(([first]) => first as number),
  omit: () => undefined,
  average: createAggregator((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
  min: createAggregator((values) => values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)),
  max: createAggregator((values) => values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)),
};

/** Creates an aggregator from a function that combines the values of one series. */
export function createAggregator(combine: (values: readonly number[]) => number): AggregatorFunction {
  return (metrics) => {
    const [first] = metrics;
    if (first === undefined) return undefined;
    const { help, name, type, aggregator } = first;
    const series = new Map<string, CollectedValue[]>();
    for (const value of metrics.flatMap((metric) => metric.values)) {
      const key = seriesKey(value);
      const values = series.get(key);
      if (values === undefined) series.set(key, [value]);
      else values.push(value);
    }
    const values = [...series.values()].map((all): CollectedValue => {
      const { labels, metricName } = all[0] as CollectedValue;
      const value = combine(all.map((one) => one.value));
      return { value, labels, ...(metricName ? { metricName } : {}) };
    });
    return { help, name, type, values, ...{ aggregator } } as CollectedMetric;
  };
}

/** Samples with the same name and the same labels, in any order, belong to one series. */
function seriesKey({ metricName, labels }: CollectedValue): string {
  const used = Object.entries(labels).filter(([, value]) => value !== undefined);
  const texts = used.map(([name, value]) => [name, String(value)] as const);
  return JSON.stringify([metricName, texts.sort(([one], [other]) => (one < other ? -1 : 1))]);
}
