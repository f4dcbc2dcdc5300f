import { bucketOf } from './bucket-of.js';
import { type CellSlice, WRITES_CELL } from './cells.js';
import type { Descriptor, WritableDescriptor } from './descriptor.js';
import { HEADER_CELLS } from './native/chunk-layout.js';

/**
 * One time series: a metric, one set of label values, and the cells with its values.
 *
 * There may be many thousands, so a series stores only what is not available elsewhere. The label values are in the
 * instrument's tree. The log of the segment contains the label values and the creation time.
 */
export abstract class Series implements CellSlice {
  readonly page: Float64Array;
  readonly offset: number;
  /** Whether this is the overflow series for label sets past the limit. */
  isOverflow = false;

  constructor(
    readonly descriptor: WritableDescriptor,
    slice: CellSlice,
  ) {
    this.page = slice.page;
    this.offset = slice.offset;
  }

  /** Sets every cell of the series to zero. References to the series stay valid. */
  reset(): void {
    this.page.fill(0, this.offset, this.offset + valuesPerSeries(this.descriptor));
    this.page[WRITES_CELL]! += 1;
  }
}

/** A series with the values of its metric's labels, in the same order. */
export interface LabelledSeries<S extends Series = Series> {
  readonly series: S;
  readonly labelValues: readonly string[];
}

/** Maximum number of exemplars of a histogram that only has native buckets. */
const NATIVE_EXEMPLARS = 10;

/**
 * Maximum number of exemplars of a series: one per bucket of a histogram, including +Inf; one for a counter; 10 for a
 * histogram that only has native buckets.
 */
export function exemplarsPerSeries({ buckets, native }: Descriptor): number {
  return buckets.length === 0 && native !== undefined ? NATIVE_EXEMPLARS : buckets.length + 1;
}

/**
 * Returns the index of the exemplar that the exemplar of a value replaces: the one of the same bucket.
 *
 * In a histogram that only has native buckets, it is the one of the same power of 2, so that the exemplars are spread
 * over the buckets. Powers whose exponents differ by 10 share an exemplar.
 */
export function exemplarIndex({ buckets, native }: Descriptor, value: number): number {
  if (buckets.length > 0 || native === undefined) return bucketOf(buckets, value);
  const exponent = value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value)));
  return ((exponent % NATIVE_EXEMPLARS) + NATIVE_EXEMPLARS) % NATIVE_EXEMPLARS;
}

/** Number of cells of a series: its values, and the header of its native histogram if it has one. */
export function cellsPerSeries(descriptor: Descriptor): number {
  return valuesPerSeries(descriptor) + (descriptor.native === undefined ? 0 : HEADER_CELLS);
}

/**
 * Number of the first cells of a series that contain its values.
 *
 * A histogram has one per bucket, one for +Inf and one for the sum. A summary has one per quantile, one for the count
 * and one for the sum. Other metrics have one.
 */
export function valuesPerSeries({ kind, buckets }: Descriptor): number {
  return kind === 'histogram' || kind === 'summary' ? buckets.length + 2 : 1;
}

/** Returns the slice with the header of a series' native histogram. */
export function nativeHeaderOf(descriptor: Descriptor, { page, offset }: CellSlice): CellSlice {
  return { page, offset: offset + valuesPerSeries(descriptor) };
}
