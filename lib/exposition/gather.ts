import { type Instrument, isInstrument } from '../metrics/instrument.js';
import type { SharedRegistry } from '../metrics/shared-registry.js';
import type { ForeignMetric } from './foreign-text.js';

/** What a registry holds, told apart by who renders it. */
export interface Gathered {
  /** Our own metrics, read from their cells. */
  readonly families: readonly Instrument[];
  /** The metrics the application registered itself, asked for their values. */
  readonly foreign: readonly ForeignMetric[];
}

/** What every metric of a registry has. */
type Named = { readonly name: string };

/** Looks through a registry; series that wait for the first read are there afterwards. */
export function gather(registry: SharedRegistry): Gathered {
  const families: Instrument[] = [];
  const foreign: ForeignMetric[] = [];
  for (const metric of registry.getMetricsAsArray() as unknown[]) {
    if (isInstrument(metric)) families.push(metric);
    else foreign.push({ name: registry.nameOf(metric as Named), metric: metric as ForeignMetric['metric'] });
  }
  for (const family of families) family.prepareRead();
  return { families, foreign };
}
