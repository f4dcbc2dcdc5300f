import { registryOfNewMetrics } from '../registries/default-registry.js';

/** The default limit of label sets per metric. It protects the memory of the process. prom-client has no limit. */
const MAX_SERIES = 100_000;

/** The key of an internal option of TinyLLM's metrics: only prom-client's names are valid. */
const plainNames = Symbol.for('tinyllm.plain-names');

/** The options that {@link completeConfiguration} reads. */
interface Configuration {
  readonly registers?: unknown;
  readonly labelNames?: readonly string[] | undefined;
  readonly maxSeries?: number | undefined;
}

/**
 * Returns a copy of a metric's configuration with the default registry and the default limit of label sets, and without
 * repeated label names, which prom-client accepts. `complete` returns further options of the copy.
 */
export function completeConfiguration<Given extends object, Added extends object = object>(
  configuration: Given,
  complete: (configuration: Given) => Added = () => ({}) as Added,
): Given & Added {
  // If the configuration is not an object, the constructor of the metric throws.
  if (typeof configuration !== 'object' || configuration === null) return configuration as never;
  const { registers, labelNames, maxSeries = MAX_SERIES } = configuration as Configuration;
  return {
    ...configuration,
    [plainNames]: true,
    maxSeries,
    registers: registers || [registryOfNewMetrics()],
    ...(Array.isArray(labelNames) && { labelNames: [...new Set(labelNames)] }),
    ...complete(configuration),
  };
}

/** Returns the label names of a configuration in alphabetical order. */
export function sortedLabelNames<Label extends string>(configuration: {
  readonly labelNames?: readonly Label[];
}): readonly Label[] {
  return [...(configuration.labelNames ?? [])].sort();
}
