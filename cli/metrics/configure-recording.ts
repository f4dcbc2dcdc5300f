import { configureMetrics } from 'tinyllm';
import type { BucketBounds } from 'tinyllm/configuration';

/** How a command records metrics. */
export interface RecordingOptions {
  /** Bucket bounds by histogram name. Default: those of `TINYLLM_BUCKETS`. */
  readonly buckets?: BucketBounds | undefined;
}

/**
 * Configures the metrics of this process. Call it before the command records anything, and before it loads plugins.
 *
 * Throws a `MetricsConfigurationError` if a configured metric is already in use.
 */
export function configureRecording({ buckets }: RecordingOptions): void {
  if (buckets !== undefined) configureMetrics({ buckets });
}
