import { MetricsConfigurationError } from '../errors/errors.js';

const OPTIONS = ['maxSeriesPerMetric', 'buckets', 'exclude'];

/**
 * Checks the options of a configuration and their types.
 *
 * @throws {MetricsConfigurationError} with the value received and the expected type.
 */
export function checkConfiguration(configuration: unknown): void {
  requireObject('The configuration', configuration, 'an object');
  for (const name of Object.keys(configuration)) {
    if (!OPTIONS.includes(name)) {
      throw new MetricsConfigurationError(
        `Unknown option ${JSON.stringify(name)}; expected ${OPTIONS.slice(0, -1).join(', ')} or ${OPTIONS.at(-1)}.`,
      );
    }
  }
  const { maxSeriesPerMetric = 1, buckets = {}, exclude = [] } = configuration as Record<string, unknown>;
  if (!Number.isSafeInteger(maxSeriesPerMetric) || (maxSeriesPerMetric as number) < 1) {
    reject('maxSeriesPerMetric', maxSeriesPerMetric, 'a whole number from 1');
  }
  requireObject('buckets', buckets, 'an object of bounds by histogram name');
  for (const [name, bounds] of Object.entries(buckets)) {
    if (!Array.isArray(bounds)) reject(`buckets.${name}`, bounds, 'a list of bounds');
  }
  if (!Array.isArray(exclude)) reject('exclude', exclude, 'a list of metric names');
}

function requireObject(what: string, value: unknown, expected: string): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) reject(what, value, expected);
}

function reject(what: string, got: unknown, expected: string): never {
  const shown = Array.isArray(got) ? 'a list' : typeof got === 'string' ? JSON.stringify(got) : String(got);
  throw new MetricsConfigurationError(`${what} is ${shown}; expected ${expected}.`);
}
