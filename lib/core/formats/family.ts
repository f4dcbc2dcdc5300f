import type { Descriptor } from '../metrics/descriptor.js';

/** What led to one observation. */
export interface Exemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timestampSeconds: number;
}

/** A series as a writer reads it. */
export interface ReadableSeries {
  /** `a="1",b="2"`: escaped, in the descriptor's order, default labels included, without braces; empty without labels. */
  readonly labelText: string;
  /** Unix seconds at which the series came to be, or was last set back to zero. */
  readonly createdSeconds: number;
  /**
   * A number of the series: 0 is a counter's, gauge's or info's value; of a histogram with B bounds, 0…B-1 the counts
   * of its buckets (not cumulative), B the count past the last bound, B+1 the sum.
   */
  cell(index: number): number;
  /** The exemplar of a counter (index 0) or of a histogram's bucket, if there is one. */
  exemplar?(index: number): Exemplar | undefined;
}

/** A metric as a writer reads it. */
export interface Family {
  readonly descriptor: Descriptor;
  readonly series: Iterable<ReadableSeries>;
}
