import { shownNumber } from '../../errors/shown-number.js';
import type { NativeSettings } from './native-histogram.js';

/** Options of native histograms. */
export interface NativeHistogramOptions {
  /**
   * The maximum ratio of a bucket's bounds, above 1; default 1.1. The next smaller possible factor is used: 2^(1/8),
   * about 1.09, for 1.1.
   */
  readonly factor?: number | undefined;
  /**
   * The maximum number of buckets of a series that contain observations; default 160. Beyond it, the resolution of the
   * series is halved. A whole number from 8.
   */
  readonly maxBuckets?: number | undefined;
  /** Observations of at most this absolute value are counted in the zero bucket; default 2^-128. */
  readonly zeroThreshold?: number | undefined;
}

/** Whether histograms are native: `true` uses the default options. */
export type NativeHistogramChoice = boolean | NativeHistogramOptions;

const OPTIONS = ['factor', 'maxBuckets', 'zeroThreshold'];
const MIN_SCHEMA = -4;
const MAX_SCHEMA = 8;

/** Whether a name is that of an option in {@link NativeHistogramOptions}. */
export function isNativeOption(name: string): boolean {
  return OPTIONS.includes(name);
}

/**
 * Checks options and converts them to settings. Returns `undefined` for `false`.
 *
 * @param reject Throws an error. It receives the name of the option, the value received and the expected values.
 */
export function nativeSettings(
  choice: unknown,
  reject: (option: string, shown: string, expected: string) => never,
): NativeSettings | undefined {
  if (choice === false || choice === undefined) return undefined;
  const options: unknown = choice === true ? {} : choice;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const shown = Array.isArray(options) ? 'a list' : shownNumber(choice);
    return reject('', shown, 'true, false or an object with factor, maxBuckets and zeroThreshold');
  }
  const unknown = Object.keys(options).find((key) => !OPTIONS.includes(key));
  if (unknown !== undefined) {
    return reject(unknown, 'an unknown option', 'factor, maxBuckets or zeroThreshold');
  }
  const { factor = 1.1, maxBuckets = 160, zeroThreshold = 2 ** -128 } = options as NativeHistogramOptions;
  if (!(Number.isFinite(factor) && factor > 1)) {
    return reject('factor', shownNumber(factor), 'a finite number above 1, such as 1.1');
  }
  if (!Number.isSafeInteger(maxBuckets) || maxBuckets < 8) {
    return reject('maxBuckets', shownNumber(maxBuckets), 'a whole number from 8, such as 160');
  }
  if (!(Number.isFinite(zeroThreshold) && zeroThreshold >= 0)) {
    return reject('zeroThreshold', shownNumber(zeroThreshold), 'a finite number from 0, such as 1e-6');
  }
  return { schema: schemaOf(factor), maxBuckets, zeroThreshold };
}

/** Returns the lowest resolution whose factor 2^(2^-schema) is at most `factor`, or the highest resolution. */
function schemaOf(factor: number): number {
  const schema = -Math.floor(Math.log2(Math.log2(factor)));
  // The addition converts -0 to 0.
  return Math.min(MAX_SCHEMA, Math.max(MIN_SCHEMA, schema)) + 0;
}
