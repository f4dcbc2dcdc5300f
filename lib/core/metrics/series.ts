import { type CellSlice, WRITES_CELL } from './cells.js';
import type { Descriptor, WritableDescriptor } from './descriptor.js';

/**
 * One time series: a metric with one set of label values, and the cells its numbers live in.
 *
 * There may be many thousands: what can be found elsewhere is not held here. Its label values are in the instrument's
 * tree, and they and its beginning are in the segment's log.
 */
export abstract class Series implements CellSlice {
  readonly page: Float64Array;
  readonly offset: number;
  /** Whether this is the series that takes every label set past the cap. */
  isOverflow = false;

  constructor(
    readonly descriptor: WritableDescriptor,
    slice: CellSlice,
  ) {
    this.page = slice.page;
    this.offset = slice.offset;
  }

  /** Sets every cell of the series back to zero; handles to it stay valid. */
  reset(): void {
    this.page.fill(0, this.offset, this.offset + cellsPerSeries(this.descriptor));
    this.page[WRITES_CELL]! += 1;
  }
}

/** A series with the values of its metric's labels, in their order. */
export interface LabelledSeries<S extends Series = Series> {
  readonly series: S;
  readonly labelValues: readonly string[];
}

/** How many exemplars a series can have: a histogram one a bucket, +Inf's too; a counter one. */
export function exemplarsPerSeries(descriptor: Descriptor): number {
  return descriptor.buckets.length + 1;
}

/** How many cells a series takes: a histogram one a bucket, one for +Inf and one for the sum; others one. */
export function cellsPerSeries(descriptor: Descriptor): number {
  return descriptor.kind === 'histogram' ? descriptor.buckets.length + 2 : 1;
}
