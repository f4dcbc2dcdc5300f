import { catalog } from '../catalog/catalog.js';
import type { MetricOptions } from '../metrics/descriptor.js';
import type { InstrumentKinds, Meter } from '../metrics/meter.js';

/** The catalog's type: each metric's name, kind and labels as literals. */
export type Catalog = typeof catalog;

/** One instrument for each entry of the catalog, under the entry's key. */
export type Instruments = {
  readonly [Key in keyof Catalog]: InstrumentKinds<Catalog[Key]['labels']>[Catalog[Key]['kind']];
};

/**
 * Creates every instrument of the catalog and registers all of them in the meter's registry, or none.
 *
 * @throws {MetricClashError} if the registry contains a metric with one of their names.
 */
export function createInstruments(meter: Meter): Instruments {
  const entries: [string, MetricOptions][] = Object.entries(catalog);
  for (const [, { name }] of entries) meter.requireUnusedName(name);
  const made = entries.map(([key, options]) => [key, meter.create(options)]);
  return Object.fromEntries(made) as Instruments;
}
