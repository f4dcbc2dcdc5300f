import type { Exemplar, ReadableSeries } from '../formats/family.js';
import type { LabelWriter } from '../formats/label-text.js';
import { saturated } from '../metrics/cells.js';
import type { Aggregation, Descriptor } from '../metrics/descriptor.js';
import { addNative } from '../metrics/native/merge-native.js';
import type { NativeHistogram } from '../metrics/native/native-histogram.js';
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

/** The sources of a gathered series. */
export interface GatheredSeriesOptions {
  readonly descriptor: Descriptor;
  readonly writeLabels: LabelWriter;
  /** The last reset time of the metric, in Unix seconds; 0 if it was never reset. */
  readonly resetSeconds: number;
  readonly first: SeriesPart;
  /** The parts in further segments. */
  readonly more: readonly SeriesPart[];
  readonly exemplars: GatheredExemplars | undefined;
}

/** A series, combined from one or more segments. It reads the current values. It is created for one reading only. */
export class GatheredSeries implements ReadableSeries {
  constructor(private readonly options: GatheredSeriesOptions) {}

  get labelValues(): readonly string[] {
    return this.options.first.record.labelValues;
  }

  get labelText(): string {
    return this.options.writeLabels(this.labelValues);
  }

  get createdSeconds(): number {
    const { first, more, resetSeconds } = this.options;
    const began = Math.min(first.record.createdSeconds, ...more.map(({ record }) => record.createdSeconds));
    return Math.max(began, resetSeconds);
  }

  cell(index: number): number {
    const { first, more, descriptor } = this.options;
    const value = first.page[first.offset + index]!;
    if (more.length === 0) return value;
    const isQuantile = descriptor.kind === 'summary' && index < descriptor.buckets.length;
    const combine = isQuantile ? largest : COMBINE[aggregationOf(descriptor)];
    const combined = more.reduce((result, { page, offset }) => combine(result, page[offset + index]!), value);
    if (isQuantile) return combined;
    if (descriptor.kind !== 'gauge') return saturated(combined);
    return descriptor.aggregation === 'average' ? combined / (more.length + 1) : combined;
  }

  native(): NativeHistogram | undefined {
    const { first, more, descriptor } = this.options;
    let sum = nativeOf(first, descriptor);
    for (const part of more) {
      const other = nativeOf(part, descriptor);
      sum = sum && other && addNative(sum, other);
    }
    return sum;
  }

  /** The latest exemplar of a counter or bucket, of all threads. */
  exemplar(index: number): Exemplar | undefined {
    return this.options.exemplars?.latest(index);
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
