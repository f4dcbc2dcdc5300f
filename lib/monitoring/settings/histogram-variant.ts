import type { MonitoringSettings } from './settings.js';

/**
 * The kind of histograms that expressions read. A classic histogram has one series per bucket, with the label `le`. A
 * native histogram is one series whose samples contain all buckets.
 */
export type HistogramVariant = 'classic' | 'native';

/** Returns the kind of histograms that the settings select. */
export function histogramVariant({ nativeHistograms = false }: MonitoringSettings): HistogramVariant {
  return nativeHistograms ? 'native' : 'classic';
}
