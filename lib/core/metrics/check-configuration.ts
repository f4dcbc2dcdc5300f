import { MetricsConfigurationError } from '../errors/errors.js';
import type { MeterConfiguration } from './meter-configuration.js';
import { nativeConfiguration } from './native/native-configuration.js';

type Check = (name: string, value: unknown) => void;

const CHECKS: Readonly<Record<keyof MeterConfiguration, Check>> = {
  maxSeriesPerMetric: (name, value) => {
    if (!Number.isSafeInteger(value) || (value as number) < 1) reject(name, value, 'a whole number from 1');
  },
  buckets: recordOf('an object of bounds by histogram name', (name, value) => {
    if (!Array.isArray(value)) reject(name, value, 'a list of bounds');
  }),
  nativeHistograms: (_, value) => {
    nativeConfiguration(value);
  },
  exclude: listOfStrings('a list of metric names'),
  labels: listOfStrings('a list of label names'),
  constantLabels: recordOf('an object of values by label name', (name, value) => {
    if (typeof value !== 'string') reject(name, value, 'a string');
  }),
  dropLabels: recordOf('an object of label names by metric name', listOfStrings('a list of label names')),
  graphContext: checkBoolean,
  enabled: checkBoolean,
};

/**
 * Checks the options of a configuration and their types.
 *
 * @throws {MetricsConfigurationError} with the value received and the expected type.
 */
export function checkConfiguration(configuration: unknown): void {
  requireObject('The configuration', configuration, 'an object');
  const names = Object.keys(CHECKS);
  for (const [name, value] of Object.entries(configuration)) {
    if (!Object.hasOwn(CHECKS, name)) {
      throw new MetricsConfigurationError(
        `Unknown option ${JSON.stringify(name)}; expected ${names.slice(0, -1).join(', ')} or ${names.at(-1)}.`,
      );
    }
    if (value !== undefined) CHECKS[name as keyof MeterConfiguration](name, value);
  }
}

function recordOf(expected: string, checkValue: Check): Check {
  return (name, value) => {
    requireObject(name, value, expected);
    for (const [key, item] of Object.entries(value)) checkValue(`${name}.${key}`, item);
  };
}

function listOfStrings(expected: string): Check {
  return (name, value) => {
    if (!Array.isArray(value)) reject(name, value, expected);
    value.forEach((item, index) => {
      if (typeof item !== 'string') reject(`${name}[${index}]`, item, 'a string');
    });
  };
}

function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== 'boolean') reject(name, value, 'true or false');
}

function requireObject(what: string, value: unknown, expected: string): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) reject(what, value, expected);
}

function reject(what: string, got: unknown, expected: string): never {
  const shown = Array.isArray(got) ? 'a list' : typeof got === 'string' ? JSON.stringify(got) : String(got);
  throw new MetricsConfigurationError(`${what} is ${shown}; expected ${expected}.`);
}
