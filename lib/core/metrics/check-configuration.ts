import { MetricsConfigurationError } from '../errors/errors.js';

const OPTIONS = ['maxSeriesPerMetric', 'buckets', 'exclude'];

/**
 * Checks the shape of a configuration: its options, and the type of each.
 *
 * @throws {MetricsConfigurationError} naming what came and what was expected.
 */
export function checkConfiguration(configuration: unknown): void {
  requireObject('The configuration', configuration, 'an object');
  for (const name of Object.keys(configuration)) {
    if (!OPTIONS.includes(name)) {
      throw new MetricsConfigurationError(
        `There is no option ${JSON.stringify(name)}; expected ${OPTIONS.slice(0, -1).join(', ')} or ${OPTIONS.at(-1)}.`,
      );
    }
  }
  const { maxSeriesPerMetric = 1, buckets = {}, exclude = [] } = configuration as Record<string, unknown>;
  if (!Number.isSafeInteger(maxSeriesPerMetric) || (maxSeriesPerMetric as number) < 1) {
    refuse('maxSeriesPerMetric', maxSeriesPerMetric, 'a whole number from 1');
  }
  requireObject('buckets', buckets, 'an object of bounds by histogram name');
  for (const [name, bounds] of Object.entries(buckets)) {
    if (!Array.isArray(bounds)) refuse(`buckets.${name}`, bounds, 'a list of bounds');
  }
  if (!Array.isArray(exclude)) refuse('exclude', exclude, 'a list of metric names');
}

function requireObject(what: string, value: unknown, expected: string): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(what, value, expected);
}

function refuse(what: string, got: unknown, expected: string): never {
  const shown = Array.isArray(got) ? 'a list' : typeof got === 'string' ? JSON.stringify(got) : String(got);
  throw new MetricsConfigurationError(`${what} is ${shown}; expected ${expected}.`);
}
