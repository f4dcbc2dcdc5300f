import type { Descriptor } from '../descriptor.js';
import type { NativeSettings } from '../native/native-histogram.js';
import type { SegmentChain } from '../segment-chain.js';

const BRAND = Symbol.for('tinyllm.custom-metric');

/** A metric of the application, in the form in which applications register it. */
export interface MetricOfApplication {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  /** Returns the metric and its values in prom-client's format. */
  get(): Promise<object>;
}

/** A metric of the application, in the form that registries and servers use. */
export interface RegisteredMetric {
  readonly [BRAND]: true;
  readonly name: string;
  readonly descriptor: Descriptor;
  /** Whether the metric has any series. */
  readonly hasSeries: boolean;
  /** Whether a series of the metric has observations. Only for histograms. */
  readonly hasObservations?: boolean;
  /** Whether the application chose for this metric whether it is native. Only for histograms. */
  readonly choosesNative?: boolean;
  /** Sets the settings of native histograms. Only for histograms without observations. */
  configureNative?(settings: NativeSettings | undefined): void;
  /** Whether {@link update} must be called before the values are read. */
  readonly needsUpdate: boolean;
  /** Updates the values. Rejects if the `collect` of the application fails. */
  update(): Promise<void>;
  /** Where the series are, or `undefined` if the metric is in no registry. */
  readonly place: SeriesPlace | undefined;
  /** Called after the metric was added to a registry. */
  joined(registry: MetricRegistry): void;
  /** Called after the metric was removed from a registry. */
  left(registry: MetricRegistry): void;
}

/** The memory with the series of a metric, and the number of the metric in it. */
export interface SeriesPlace {
  readonly memory: SegmentChain;
  readonly metric: number;
}

/** The part of a registry that its metrics use. */
export interface MetricRegistry {
  /** Whether it is TinyLLM's shared registry. */
  readonly isShared: boolean;
  /** Whether it contains a metric. */
  contains(metric: RegisteredMetric): boolean;
  readonly memory: {
    /** Returns the memory for metrics of the registry. */
    forCustomMetrics(): SegmentChain;
  };
  /** The series of a metric have moved to another memory, or the metric got or lost its `collect`. */
  metricChanged(metric: RegisteredMetric): void;
}

/** The key of the property that marks a {@link RegisteredMetric}. All copies of the package use the same key. */
export const customMetricBrand: typeof BRAND = BRAND;

/** Whether a metric of a registry is a custom metric of any copy of the package. Never throws, even for a Proxy. */
export function isCustomMetric(metric: unknown): metric is RegisteredMetric {
  try {
    return typeof metric === 'object' && metric !== null && (metric as { [BRAND]?: unknown })[BRAND] === true;
  } catch {
    return false;
  }
}
