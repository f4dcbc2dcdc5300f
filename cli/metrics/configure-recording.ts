import { configureMetrics } from 'tinyllm';
import type { BucketBounds } from 'tinyllm/configuration';

/** How a command records metrics. */
export interface RecordingOptions {
  /** Bucket bounds by histogram name. Default: those of `TINYLLM_BUCKETS`. */
  readonly buckets?: BucketBounds | undefined;
  /** Names of additional labels. Default: none. */
  readonly labels?: readonly string[] | undefined;
}

/**
 * Configures the metrics of this process. Call it before the command records anything. Without options, it keeps the
 * configuration, for example that of a plugin.
 *
 * Throws a `MetricsConfigurationError` if a configured metric is already in use.
 */
export function configureRecording({ buckets, labels = [] }: RecordingOptions): void {
  if (buckets === undefined && labels.length === 0) return;
  configureMetrics({ buckets, ...(labels.length === 0 ? {} : { labels }) });
}
