import type { Descriptor } from '../metrics/descriptor.js';

/** A series as a writer reads it: label values, and where its numbers are. */
export interface ReadableSeries {
  readonly labelValues: readonly string[];
  readonly page: Float64Array;
  readonly offset: number;
}

/** A metric as a writer reads it. */
export interface Family {
  readonly descriptor: Descriptor;
  readonly allSeries: readonly ReadableSeries[];
}

/** Labels every sample carries besides its own. */
export type DefaultLabels = Readonly<Record<string, string>>;
