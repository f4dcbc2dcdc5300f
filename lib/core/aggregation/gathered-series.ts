import type { Exemplar, ReadableSeries } from '../formats/family.js';
import type { LabelWriter } from '../formats/label-text.js';
import { saturated } from '../metrics/cells.js';
import type { Aggregation, Descriptor } from '../metrics/descriptor.js';
import { addNative } from '../metrics/native/merge-native.js';
import type { NativeHistogram } from '../metrics/native/native-histogram.js';
import type { LabelBytes } from '../metrics/series-record.js';
import type { GatheredExemplars } from './gathered-exemplars.js';
import { nativeOf, type SeriesPart } from './series-part.js';

const COMBINE: Readonly<Record<Aggregation, (one: number, other: number) => number>> = {
  sum: (one, other) => one + other,
  average: (one, other) => one + other,
  max: Math.max,
  min: Math.min,
  first: (one) => one,
  // Not used: a series with several parts is omitted (see `GatheredFamily`).
  omit: (one) => one,
};

/** The facts about a metric that all its series share. */
export interface GatheredMetric {
  readonly descriptor: Descriptor;
  readonly writeLabels: LabelWriter;
  /** The last reset time of the metric, in Unix seconds; 0 if it was never reset. */
  readonly resetSeconds: number;
}

/** A series, combined from one or more segments. It reads the current values. It is created for one reading only. */
export class GatheredSeries implements ReadableSeries {
  /** `more` contains the parts in further segments. */
  constructor(
    private readonly metric: GatheredMetric,
    private readonly first: SeriesPart,
    private readonly more: readonly SeriesPart[],
    private readonly exemplars: GatheredExemplars | undefined,
  ) {}

  get labelValues(): readonly string[] {
    return this.first.record.labelValues;
  }

  get labelText(): string {
    return this.metric.writeLabels(this.labelValues);
  }

  get labelBytes(): LabelBytes | undefined {
    return this.first.record.labelBytes;
  }

  get createdSeconds(): number {
    let began = this.first.record.createdSeconds;
    for (const { record } of this.more) began = Math.min(began, record.createdSeconds);
    return Math.max(began, this.metric.resetSeconds);
  }

  cell(index: number): number {
    const { first, more } = this;
    const value = first.page[first.offset + index]!;
    return more.length === 0 ? value : this.#combine(index, value);
  }

  #combine(index: number, value: number): number {
    const { more } = this;
    const { descriptor } = this.metric;
    const isQuantile = descriptor.kind === 'summary' && index < descriptor.buckets.length;
    const combine = isQuantile ? largest : COMBINE[aggregationOf(descriptor)];
    const combined = more.reduce((result, { page, offset }) => combine(result, page[offset + index]!), value);
    if (isQuantile) return combined;
    if (descriptor.kind !== 'gauge') return saturated(combined);
    return descriptor.aggregation === 'average' ? combined / (more.length + 1) : combined;
  }

  native(): NativeHistogram | undefined {
    const { descriptor } = this.metric;
    let sum = nativeOf(this.first, descriptor);
    for (const part of this.more) {
      const other = nativeOf(part, descriptor);
      sum = sum && other && addNative(sum, other);
    }
    return sum;
  }

  /** The latest exemplar of a counter or bucket, of all threads. */
  exemplar(index: number): Exemplar | undefined {
    return this.exemplars?.latest(index);
  }
}

/**
 * Only gauges use their aggregation. Counters, histograms and summaries are summed. An info metric has the value 1,
 * independent of the number of segments.
 */
function aggregationOf({ kind, aggregation }: Descriptor): Aggregation {
  if (kind === 'info') return 'max';
  return kind === 'gauge' ? aggregation : 'sum';
}

/**
 * Returns the larger number, or the only one that is not NaN.
 *
 * Quantiles of several threads can't be combined exactly.
 */
function largest(one: number, other: number): number {
  if (Number.isNaN(one)) return other;
  return Number.isNaN(other) ? one : Math.max(one, other);
}
