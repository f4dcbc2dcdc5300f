import type { Exemplar } from './family.js';

/**
 * The formats of a scrape that are text. `text` is the Prometheus text format 0.0.4. `openmetrics` is OpenMetrics 1.0.
 */
export type TextFormatName = 'text' | 'text-1.0' | 'openmetrics' | 'openmetrics-2.0';

/** The formats of a scrape. */
export type FormatName = TextFormatName | 'protobuf';

/** How names are written that have characters other than letters, digits, `_` and `:`. */
export type Escaping = 'allow-utf-8' | 'underscores' | 'dots' | 'values';

/** A format, and how it writes names. This is plain data, because it is also sent to another thread. */
export interface Exposition {
  readonly format: FormatName;
  readonly escaping: Escaping;
}

/** The facts about a metric that a format writes before its samples. */
export interface Metadata {
  /** The name under which the metric was registered, including `_total` or `_info`, after it was escaped. */
  readonly name: string;
  readonly help: string;
  /** `counter`, `gauge`, `histogram`, `info` or `summary`. Any other value means no type. */
  readonly type: string;
  readonly unit?: string | undefined;
}

/** An exemplar whose time may be unknown. */
export type WritableExemplar = Omit<Exemplar, 'timestampSeconds'> & Partial<Exemplar>;

/** The differences between the text formats. The writers share everything else. */
export interface Format {
  readonly contentType: string;
  /** Returns the lines before a metric's samples. */
  header(metadata: Metadata): string;
  /** Formats a bucket's upper bound or a quantile as a label value. */
  bound(value: number): string;
  /** Returns the text after a sample's value. Empty if the format can't have the exemplar. */
  exemplar(exemplar: WritableExemplar): string;
  /** Returns a comment line. Empty if the format has no comments. */
  comment(text: string): string;
  /**
   * Whether a sample that violates the rules of its type makes the whole scrape invalid and must be omitted.
   *
   * Examples are a counter that is negative or NaN, and the sum of a summary that is negative.
   */
  readonly strict: boolean;
  /** Whether the format can contain names in double quotes. If not, `allow-utf-8` has the effect of `underscores`. */
  readonly hasQuotedNames: boolean;
  /** Whether the names of families lack the suffix of their samples: `calls` for the counter `calls_total`. */
  readonly hasShortNames: boolean;
  /** Whether one line contains all values of a series: the buckets of a histogram, and start timestamps. */
  readonly hasCompositeValues: boolean;
  /** The text at the end of a scrape. */
  readonly end: string;
}
