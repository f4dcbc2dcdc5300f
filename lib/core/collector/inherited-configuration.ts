import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';
import type { MeterConfiguration } from '../metrics/meter-configuration.js';

const KEY = 'tinyllm.configuration';

/**
 * Returns the configuration of the thread that started this one. The metrics of all threads must have the same labels
 * and buckets, so that their values can be added. Undefined in the main thread.
 */
export function inheritedConfiguration(): MeterConfiguration | undefined {
  return isMainThread ? undefined : stored();
}

/** Passes a configuration on to the threads that this thread starts later. Earlier configurations are extended. */
export function passOn(configuration: MeterConfiguration): void {
  const before = stored() ?? {};
  const given = Object.entries(configuration).filter(([, value]) => value !== undefined);
  const next: MeterConfiguration = {
    ...before,
    ...Object.fromEntries(given),
    buckets: { ...before.buckets, ...configuration.buckets },
    dropLabels: { ...before.dropLabels, ...configuration.dropLabels },
    exclude: [...new Set([...(before.exclude ?? []), ...(configuration.exclude ?? [])])],
  };
  // As text, because the data is cloned for each thread.
  setEnvironmentData(KEY, JSON.stringify(next));
}

function stored(): MeterConfiguration | undefined {
  const text: unknown = getEnvironmentData(KEY);
  return typeof text === 'string' ? (JSON.parse(text) as MeterConfiguration) : undefined;
}
