import type { Exemplar } from './family.js';

/** The formats a scrape can be answered in. */
export type FormatName = 'text' | 'openmetrics';

/** What is told about a metric before its samples. */
export interface Metadata {
  /** The name the metric was registered under, `_total` or `_info` included. */
  readonly name: string;
  readonly help: string;
  /** `counter`, `gauge`, `histogram`, `info`, or `summary`; anything else has no type. */
  readonly type: string;
  readonly unit?: string | undefined;
}

/** An exemplar whose time need not be known. */
export type WritableExemplar = Omit<Exemplar, 'timestampSeconds'> & Partial<Exemplar>;

/** Where the exposition formats differ; everything else the writers share. */
export interface Format {
  readonly contentType: string;
  /** The lines before a metric's samples. */
  header(metadata: Metadata): string;
  /** A bucket's upper bound or a quantile, as a label value. */
  bound(value: number): string;
  /** What stands behind a sample's value; empty when the format has no exemplars. */
  exemplar(exemplar: WritableExemplar): string;
  /** A line for people; empty when the format has none. */
  remark(text: string): string;
  /**
   * Whether a sample that breaks the rules of its type spoils the whole scrape, and so is left out: a counter, sum or
   * count that is negative or not a number, an exemplar where none belongs.
   */
  readonly strict: boolean;
  /** What ends a scrape, behind everything else. */
  readonly end: string;
}
