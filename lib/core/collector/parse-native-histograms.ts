import { catalog } from '../catalog/catalog.js';
import { MetricsConfigurationError } from '../errors/errors.js';
import type { MetricOptions } from '../metrics/descriptor.js';
import type { NativeHistogramsConfiguration } from '../metrics/native/native-configuration.js';
import {
  type NativeHistogramChoice,
  type NativeHistogramOptions,
  nativeSettings,
} from '../metrics/native/native-settings.js';
import { suggestion } from '../yaml/nearest.js';
import { quoteArgument } from '../yaml/quote.js';
import { checkHistogramName, isHistogramName } from './check-histogram-name.js';
import { decimalNumber } from './decimal-number.js';

/** The environment variable with native histograms, in the format of {@link parseNativeHistograms}. */
export const nativeHistogramsVariable = 'TINYLLM_NATIVE_HISTOGRAMS';

/** The texts that mean on and off, in lower case. */
const switches: Readonly<Record<string, boolean>> = {
  ...{ on: true, true: true, yes: true, 1: true },
  ...{ off: false, false: false, no: false, 0: false },
};

/** The names of options in texts. */
const options: Readonly<Record<string, keyof NativeHistogramOptions>> = {
  factor: 'factor',
  'max-buckets': 'maxBuckets',
  'zero-threshold': 'zeroThreshold',
};

const expected = `on, off or options such as factor=1.05,max-buckets=320. For one histogram, write ${catalog.requestLatency.name}:off`;

/** The histograms that several threads write. They can't be native. */
const sharedHistograms: ReadonlySet<string> = new Set(
  Object.values<MetricOptions>(catalog).flatMap(({ name, isShared }) => (isShared ? [name] : [])),
);

/**
 * Parses a choice of native histograms: `on`, `off`, or options such as
 * `factor=1.05,max-buckets=320,zero-threshold=1e-6`. `true`, `yes` and `1` mean `on`. `false`, `no` and `0` mean `off`.
 *
 * The choice applies to all histograms, also to those of the application. After the name of a histogram of TinyLLM and
 * a colon, a choice applies to this histogram: `tinyllm_request_latency_seconds:factor=1.05`. Separate several choices
 * with semicolons. Spaces around names, options and numbers are ignored. Ranges and defaults:
 * {@link NativeHistogramOptions}.
 *
 * Returns the value of the option `nativeHistograms` of `configureMetrics`, or `undefined` if the texts are empty.
 *
 * @param source The flag or variable that contains the texts, for error messages.
 * @throws {MetricsConfigurationError} for the first problem.
 */
export function parseNativeHistograms(
  texts: readonly string[],
  source: string,
): NativeHistogramsConfiguration | undefined {
  const byName = new Map<string, NativeHistogramChoice>();
  let byDefault: NativeHistogramChoice | undefined;
  for (const text of texts.flatMap((one) => one.split(';')).map((one) => one.trim())) {
    if (text === '') continue;
    const colon = text.indexOf(':');
    if (colon < 0) {
      if (byDefault !== undefined) reject(`${source} got two choices for all histograms; give one.`);
      byDefault = parseChoice(text, source, '');
      continue;
    }
    const name = text.slice(0, colon).trim();
    checkHistogramName(name, { source, rule: 'only histograms can be native', except: sharedHistograms });
    if (byName.has(name)) reject(`${source} got ${name} twice; give each metric once.`);
    const choice = parseChoice(text.slice(colon + 1).trim(), source, ` for ${name}`);
    if (choice !== false && sharedHistograms.has(name)) {
      reject(`${source} got ${name}, which can't be native, because several threads write it; omit it.`);
    }
    byName.set(name, choice);
  }
  return byName.size === 0 ? byDefault : { default: byDefault ?? false, ...Object.fromEntries(byName) };
}

function parseChoice(text: string, source: string, place: string): NativeHistogramChoice {
  const isOn = Object.hasOwn(switches, text.toLowerCase()) ? switches[text.toLowerCase()] : undefined;
  if (isOn !== undefined) return isOn;
  const choice: Partial<Record<keyof NativeHistogramOptions, number>> = {};
  for (const part of text.split(',').map((one) => one.trim())) {
    const [name = '', value = '', ...more] = part.split('=').map((one) => one.trim());
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined || more.length > 0) reject(`${source} got ${optionProblem(part, place)}`);
    if (choice[option] !== undefined) reject(`${source} got ${name} twice${place}; give each option once.`);
    const number = decimalNumber(value);
    nativeSettings({ [option]: number }, (_option, _shown, wanted) => {
      const got = value === '' ? `an empty ${name}` : `the ${name} ${quoteArgument(value)}`;
      reject(`${source} got ${got}${place}; expected ${wanted}.`);
    });
    choice[option] = number;
  }
  return choice;
}

/** Describes an invalid option and valid texts: a missing colon, a missing comma, an unknown option or something else. */
function optionProblem(part: string, place: string): string {
  const [name = '', value = '', ...more] = part.split('=').map((one) => one.trim());
  const got = `${part === '' ? 'an empty choice' : quoteArgument(part)}${place}`;
  if (isHistogramName(name)) return `${got}; expected a colon: ${name}:on or ${name}:off.`;
  if (more.length > 0 && /\s/.test(value)) return `${got}; expected commas between options.`;
  if (name === '' || more.length > 0 || !part.includes('=')) return `${got}; expected ${expected}.`;
  const hint = suggestion(name, Object.keys(options));
  return `the unknown option ${quoteArgument(name)}${place}; expected factor, max-buckets or zero-threshold.${hint}`;
}

function reject(message: string): never {
  throw new MetricsConfigurationError(message);
}
