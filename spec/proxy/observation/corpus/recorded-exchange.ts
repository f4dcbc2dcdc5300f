/** One exchange as bytes on the wire, and the expected samples of a scrape after it. */
export interface RecordedExchange {
  readonly title: string;
  readonly path: string;
  readonly request: string;
  readonly status?: number;
  readonly contentType: string;
  readonly answer: string;
  /** Whether the end of the response is missing. */
  readonly isCut?: boolean;
  /** The samples that are not zero, without durations, buckets and TinyLLM's own metrics. */
  readonly counted: readonly string[];
}
