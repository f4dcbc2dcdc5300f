import { MetricsConfigurationError } from '../../errors/errors.js';
import type { NativeSettings } from './native-histogram.js';
import { isNativeOptions, type NativeHistogramChoice, nativeSettings } from './native-settings.js';

/**
 * Which histograms are native: all, none, or by name. In an object of names, `default` applies to all other histograms.
 */
export type NativeHistogramsConfiguration = NativeHistogramChoice | Readonly<Record<string, NativeHistogramChoice>>;

/** The settings of native histograms, by metric. Undefined settings mean that a histogram is not native. */
export interface NativeConfiguration {
  readonly byDefault: NativeSettings | undefined;
  readonly byName: ReadonlyMap<string, NativeSettings | undefined>;
}

export const NO_NATIVE_HISTOGRAMS: NativeConfiguration = { byDefault: undefined, byName: new Map() };

/**
 * Checks the option `nativeHistograms` and converts it.
 *
 * @throws {MetricsConfigurationError} with the value received and the expected values.
 */
export function nativeConfiguration(given: unknown): NativeConfiguration {
  if (typeof given !== 'object' || given === null || Array.isArray(given) || isNativeOptions(given)) {
    return { byDefault: settingsOf(given, 'nativeHistograms'), byName: new Map() };
  }
  const settings = Object.entries(given).map(
    ([name, choice]) => [name, settingsOf(choice, `nativeHistograms.${name}`)] as const,
  );
  const byName = new Map(settings);
  const byDefault = byName.get('default');
  byName.delete('default');
  return { byDefault, byName };
}

/** Returns the settings of a histogram, or `undefined` if it is not native. */
export function nativeSettingsFor(
  { byDefault, byName }: NativeConfiguration,
  histogram: string,
): NativeSettings | undefined {
  return byName.has(histogram) ? byName.get(histogram) : byDefault;
}

/** Whether two settings are equal. */
export function areEqualSettings(one: NativeSettings | undefined, other: NativeSettings | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function settingsOf(choice: unknown, what: string): NativeSettings | undefined {
  return nativeSettings(choice, (option, shown, expected) => {
    throw new MetricsConfigurationError(`${option ? `${what}.${option}` : what} is ${shown}; expected ${expected}.`);
  });
}
