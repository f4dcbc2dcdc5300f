import { MetricsConfigurationError } from '../../errors/errors.js';
import { shownNumber } from '../../errors/shown-number.js';
import type { NativeSettings } from './native-histogram.js';
import {
  isNativeOption,
  type NativeHistogramChoice,
  type NativeHistogramOptions,
  nativeSettings,
} from './native-settings.js';

/**
 * Which histograms are native: all, none, or by name. In an object, options and `default` apply to all histograms that
 * it does not name.
 */
export type NativeHistogramsConfiguration =
  | NativeHistogramChoice
  | (NativeHistogramOptions & { readonly [histogram: string]: NativeHistogramChoice | number | undefined });

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
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { byDefault: settingsOf(given, 'nativeHistograms'), byName: new Map() };
  }
  const entries = Object.entries(given).filter(([, choice]) => choice !== undefined);
  const options = entries.filter(([key]) => isNativeOption(key));
  const choices = entries.filter(([key]) => !isNativeOption(key));
  const byName = new Map(choices.map(([name, choice]) => [name, namedSettings(name, choice)]));
  const byDefault = byName.get('default');
  if (choices.length > 0 && options.length === 0) {
    byName.delete('default');
    return { byDefault, byName };
  }
  if (byName.has('default')) {
    throw new MetricsConfigurationError(
      `nativeHistograms contains ${options[0]![0]} and default; put the options into default, or omit default.`,
    );
  }
  return { byDefault: settingsOf(Object.fromEntries(options), 'nativeHistograms'), byName };
}

function namedSettings(name: string, choice: unknown): NativeSettings | undefined {
  if (['boolean', 'object'].includes(typeof choice)) return settingsOf(choice, `nativeHistograms.${name}`);
  throw new MetricsConfigurationError(
    `nativeHistograms contains ${JSON.stringify(name)}: ${shownNumber(choice)}; expected the options factor, maxBuckets and zeroThreshold, or the name of a histogram with true, false or options.`,
  );
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
