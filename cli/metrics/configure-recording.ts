import { configureMetrics, getMetricsCollector, type NativeHistogramsConfiguration } from 'tinyllm';
import type { BucketBounds } from 'tinyllm/configuration';
import { declareLabels } from 'tinyllm/recording';

/** How a command records metrics. */
export interface RecordingOptions {
  /** Bucket bounds by histogram name. Default: those of `TINYLLM_BUCKETS`. */
  readonly buckets?: BucketBounds | undefined;
  /** Which histograms are native. Default: those of `TINYLLM_NATIVE_HISTOGRAMS`. */
  readonly nativeHistograms?: NativeHistogramsConfiguration | undefined;
  /** Names of additional labels. Default: none. */
  readonly labels?: readonly string[] | undefined;
}

/**
 * Configures the metrics of this process. Call it before the command records anything. Labels that a plugin has
 * declared stay declared.
 *
 * Throws a `MetricsConfigurationError` if a configured metric is already in use.
 */
export function configureRecording({ buckets, nativeHistograms, labels = [] }: RecordingOptions): void {
  if (buckets !== undefined || nativeHistograms !== undefined) configureMetrics({ buckets, nativeHistograms });
  declareLabels(labels, getMetricsCollector());
}
