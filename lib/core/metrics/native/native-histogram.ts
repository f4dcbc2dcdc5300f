/** The settings of a metric's native histograms, as its declaration contains them. */
export interface NativeSettings {
  /** The resolution: bucket bounds grow by the factor 2^(2^-schema). From -4 to 8. */
  readonly schema: number;
  /** The maximum number of buckets that contain observations. Beyond it, the resolution is halved. */
  readonly maxBuckets: number;
  /** Observations of at most this absolute value are counted in the zero bucket. */
  readonly zeroThreshold: number;
}

/**
 * The buckets of one sign that contain observations, by ascending index.
 *
 * The bucket with the index i contains absolute values above b^(i-1) and of at most b^i, where b is 2^(2^-schema).
 */
export interface NativeBuckets {
  readonly indexes: readonly number[];
  /** The observations in each bucket, not cumulative. All are above 0. */
  readonly counts: readonly number[];
}

/** The buckets of a native histogram. The count is the sum of all buckets, including the zero bucket. */
export interface NativeHistogram {
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly positive: NativeBuckets;
  readonly negative: NativeBuckets;
}
