import { isCustomMetric, type RegisteredMetric } from './custom/registered-metric.js';
import type { Descriptor } from './descriptor.js';
import { type Instrument, isInstrument } from './instrument.js';
import type { SharedRegistry } from './shared-registry.js';

/** The declarations of a registry's metrics in shared memory. */
export function ownDescriptors(registry: SharedRegistry): Descriptor[] {
  return ownMetrics(registry).map(({ descriptor }) => descriptor);
}

/** The declarations of a registry's metrics in shared memory, without metrics that have no series. */
export function recordedDescriptors(registry: SharedRegistry): Descriptor[] {
  return ownMetrics(registry).flatMap(({ hasSeries, descriptor }) => (hasSeries ? [descriptor] : []));
}

function ownMetrics(registry: SharedRegistry): (Instrument | RegisteredMetric)[] {
  const metrics: unknown[] = registry.getMetricsAsArray();
  return metrics.filter((metric) => isInstrument(metric) || isCustomMetric(metric)) as (
    | Instrument
    | RegisteredMetric
  )[];
}
