/** One exchange in the format of the wire, and what is to be scraped after it. */
export interface RecordedExchange {
  readonly title: string;
  readonly path: string;
  readonly request: string;
  readonly status?: number;
  readonly contentType: string;
  readonly answer: string;
  /** Whether the answer's end is missing. */
  readonly isCut?: boolean;
  /** The samples that are not zero, without times, buckets and those of the metrics themselves. */
  readonly counted: readonly string[];
}
