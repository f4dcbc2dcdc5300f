import type { Aggregation, Descriptor } from './descriptor.js';
import type { LabelledSeries } from './series.js';

/** One sample in prom-client's format. */
export interface PromClientValue {
  readonly labels: Record<string, string | number>;
  readonly value: number;
  /** The sample's name if it differs from the metric's name. */
  readonly metricName?: string;
}

/** A metric with its samples, as prom-client's `get()` returns it and its registry and aggregator read it. */
export interface PromClientMetric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly aggregator: Aggregation;
  readonly values: PromClientValue[];
}

/** The part of an instrument that is converted to prom-client's format. */
export interface PromClientSource {
  readonly descriptor: Descriptor;
  readonly help: string;
  readonly type: PromClientMetric['type'];
  readonly aggregator: PromClientMetric['aggregator'];
  labelledSeries(): readonly LabelledSeries[];
}

/** Copies an instrument's current values under the given name. */
export function toPromClientMetric(source: PromClientSource, name: string): PromClientMetric {
  const { help, type, aggregator, descriptor } = source;
  const toValues = descriptor.kind === 'histogram' ? histogramValues : singleValue;
  return { name, help, type, aggregator, values: source.labelledSeries().flatMap(toValues) };
}

function labelsOf({ series, labelValues }: LabelledSeries): Record<string, string> {
  return Object.fromEntries(series.descriptor.labels.map((label, index) => [label, labelValues[index]!]));
}

function singleValue(labelled: LabelledSeries): PromClientValue[] {
  const { page, offset } = labelled.series;
  return [{ labels: labelsOf(labelled), value: page[offset]! }];
}

function histogramValues(labelled: LabelledSeries): PromClientValue[] {
  const { descriptor, page, offset } = labelled.series;
  const { name, buckets } = descriptor;
  const labels = labelsOf(labelled);
  let count = 0;
  const values: PromClientValue[] = [...buckets, '+Inf'].map((le, index) => {
    count += page[offset + index]!;
    return { labels: { le, ...labels }, value: count, metricName: `${name}_bucket` };
  });
  const sum = page[offset + buckets.length + 1]!;
  return [
    ...values,
    { labels, value: sum, metricName: `${name}_sum` },
    { labels, value: count, metricName: `${name}_count` },
  ];
}
