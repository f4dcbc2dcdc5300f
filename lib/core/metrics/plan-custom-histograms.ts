import { MetricsConfigurationError } from '../errors/errors.js';
import { isCustomMetric, type RegisteredMetric } from './custom/registered-metric.js';
import { areEqualSettings, type NativeConfiguration, nativeSettingsFor } from './native/native-configuration.js';
import type { NativeSettings } from './native/native-histogram.js';
import type { DeclaredInstrument } from './plan-configuration.js';

/** A histogram of the application, and its new settings. */
export interface ChangedHistogram {
  readonly histogram: RegisteredMetric;
  readonly settings: NativeSettings | undefined;
}

/** The metrics to which a configuration applies. */
export interface ConfiguredMetrics {
  readonly registry: { getMetricsAsArray(): readonly unknown[]; getSingleMetric(name: string): unknown };
  /** TinyLLM's metrics by name, including excluded ones. */
  readonly declared: ReadonlyMap<string, Pick<DeclaredInstrument, 'declared'>>;
  /** Whether the names in the configuration were already checked in another thread. */
  readonly isInherited: boolean;
}

/**
 * Determines which histograms of the application a configuration changes. It changes nothing itself.
 *
 * @throws {MetricsConfigurationError} if one of them already has observations, or a name is not that of a histogram.
 */
export function planCustomHistograms(
  { registry, declared, isInherited }: ConfiguredMetrics,
  configuration: NativeConfiguration,
): ChangedHistogram[] {
  if (!isInherited) {
    for (const name of configuration.byName.keys()) {
      const kind = declared.get(name)?.declared.kind ?? typeOf(registry.getSingleMetric(name));
      if (kind !== 'histogram') rejectName(name);
    }
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

function typeOf(metric: unknown): unknown {
  return (metric as { readonly type?: unknown } | undefined)?.type;
}

function rejectName(name: string): never {
  throw new MetricsConfigurationError(
    `nativeHistograms contains ${JSON.stringify(name)}; expected the name of a histogram in the registry, or default. Create histograms of the application first, or use their option nativeHistograms.`,
  );
}
