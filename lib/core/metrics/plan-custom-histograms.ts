import { MetricsConfigurationError } from '../errors/errors.js';
import { isCustomMetric, type RegisteredMetric } from './custom/registered-metric.js';
import { areEqualSettings, type NativeConfiguration, nativeSettingsFor } from './native/native-configuration.js';
import type { NativeSettings } from './native/native-histogram.js';

/** A histogram of the application, and its new settings. */
export interface ChangedHistogram {
  readonly histogram: RegisteredMetric;
  readonly settings: NativeSettings | undefined;
}

/**
 * Determines which histograms of the application a configuration changes. It changes nothing itself.
 *
 * @param isInherited Whether the names in the configuration were already checked in another thread.
 * @throws {MetricsConfigurationError} if one of them already has observations, or a name is not that of a histogram.
 */
export function planCustomHistograms(
  registry: { getMetricsAsArray(): readonly unknown[]; getSingleMetric(name: string): unknown },
  configuration: NativeConfiguration,
  isInherited: boolean,
): ChangedHistogram[] {
  if (!isInherited) {
    for (const name of configuration.byName.keys()) requireHistogram(registry.getSingleMetric(name), name);
  }
  const histograms = registry
    .getMetricsAsArray()
    .filter(isCustomMetric)
    .filter((metric) => metric.configureNative !== undefined && !metric.choosesNative);
  return histograms.flatMap((histogram) => {
    const settings = nativeSettingsFor(configuration, histogram.name);
    if (areEqualSettings(settings, histogram.descriptor.native)) return [];
    if (histogram.hasObservations) {
      throw new MetricsConfigurationError(
        `nativeHistograms can't be changed, because ${histogram.name} already has observations; configure metrics before the first observation.`,
      );
    }
    return [{ histogram, settings }];
  });
}

function requireHistogram(metric: unknown, name: string): void {
  if ((metric as { readonly type?: unknown } | undefined)?.type === 'histogram') return;
  throw new MetricsConfigurationError(
    `nativeHistograms contains ${JSON.stringify(name)}; expected the name of a histogram in the registry, or default. Create histograms of the application first, or use their option nativeHistograms.`,
  );
}
