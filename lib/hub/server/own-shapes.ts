import { isInstrument } from '../../core/metrics/instrument.js';
import type { SharedRegistry } from '../../core/metrics/shared-registry.js';
import type { FamilyShape } from '../pushes/pushed-family.js';

/** What pushes must agree with of a registry: its metrics that have series, in the text format's types. */
export function ownShapes(registry: SharedRegistry): FamilyShape[] {
  const shapes: FamilyShape[] = [];
  for (const metric of registry.getMetricsAsArray() as unknown[]) {
    if (!isInstrument(metric) || metric.allSeries.length === 0) continue;
    const { name, kind, buckets } = metric.descriptor;
    shapes.push({ name, type: kind === 'info' ? 'gauge' : kind, bounds: buckets });
  }
  return shapes;
}
