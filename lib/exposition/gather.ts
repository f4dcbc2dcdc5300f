import { type Instrument, isInstrument } from '../metrics/instrument.js';
import type { SharedRegistry } from '../metrics/shared-registry.js';

/** What a registry holds, told apart by who renders it. */
export interface Gathered {
  /** Our own metrics, read from their cells. */
  readonly families: readonly Instrument[];
  /** Names of the metrics the application registered itself, rendered by prom-client. */
  readonly foreign: readonly string[];
}

/** Looks through a registry; series that wait for the first read are there afterwards. */
export function gather(registry: SharedRegistry): Gathered {
  const families: Instrument[] = [];
  const foreign: string[] = [];
  for (const metric of registry.getMetricsAsArray() as unknown[]) {
    if (isInstrument(metric)) families.push(metric);
    else foreign.push((metric as { readonly name: string }).name);
  }
  for (const family of families) family.prepareRead();
  return { families, foreign };
}
