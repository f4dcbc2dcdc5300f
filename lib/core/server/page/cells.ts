/** The cells of a heat map: how many requests ended, by time and latency. */
export interface Cells {
  /** Upper bounds of the rows in seconds, ascending. The last one can be infinite. */
  readonly bounds: readonly number[];
  /** For each moment, the number of requests per row since the previous scrape; null if it is unknown. */
  readonly columns: readonly (readonly number[] | null)[];
}
