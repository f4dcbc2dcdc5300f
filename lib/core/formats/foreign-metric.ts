import type { Exemplar } from './family.js';

/** One sample as prom-client's metrics return it. */
export interface ForeignValue {
  readonly labels?: Readonly<Record<string, unknown>>;
  /** Labels that prom-client's histograms store separately. */
  readonly sharedLabels?: Readonly<Record<string, unknown>>;
  readonly value: number;
  /** The sample's name if it differs from the metric's name. */
  readonly metricName?: string;
  readonly exemplar?: {
    readonly labelSet: Exemplar['labels'];
    readonly value: number;
    /** Unix seconds. */
    readonly timestamp?: number;
  } | null;
}

/** A metric and its values, as prom-client's `get()` returns them. */
export interface ForeignData {
  /** The current name of the metric. The names of its values start with it. */
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values?: readonly ForeignValue[];
}

/** A metric of the application, and the name under which it was registered. */
export interface ForeignMetric {
  readonly name: string;
  readonly metric: {
    /** Reads the current values. */
    get(): Promise<ForeignData> | ForeignData;
  };
}

/** Labels of every sample. A sample's own labels have priority. */
export type DefaultLabels = Readonly<Record<string, unknown>>;
