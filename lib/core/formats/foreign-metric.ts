import type { Exemplar } from './family.js';

/** One sample as prom-client's metrics give it. */
export interface ForeignValue {
  readonly labels?: Readonly<Record<string, unknown>>;
  /** Labels that prom-client's histograms keep apart. */
  readonly sharedLabels?: Readonly<Record<string, unknown>>;
  readonly value: number;
  /** The sample's name where it is not the metric's. */
  readonly metricName?: string;
  readonly exemplar?: {
    readonly labelSet: Exemplar['labels'];
    readonly value: number;
    /** Unix seconds. */
    readonly timestamp?: number;
  } | null;
}

/** A metric and its values, as prom-client's `get()` gives them. */
export interface ForeignData {
  /** The name the metric goes by now, with which the names of its values begin. */
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values?: readonly ForeignValue[];
}

/** A metric the application registered itself, under the name it was registered with. */
export interface ForeignMetric {
  readonly name: string;
  readonly metric: {
    /** Reads the current values. */
    get(): Promise<ForeignData> | ForeignData;
  };
}

/** Labels every sample carries besides its own, which win over them. */
export type DefaultLabels = Readonly<Record<string, unknown>>;
