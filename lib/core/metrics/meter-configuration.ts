import type { NativeConfiguration, NativeHistogramsConfiguration } from './native/native-configuration.js';

/** Configuration of the metrics. Options that a later configuration omits keep their values. */
export interface MeterConfiguration {
  /**
   * Maximum number of label sets per metric. Additional label sets share the series `other`. A whole number from 1;
   * default: 1,000. It can be changed at any time.
   */
  readonly maxSeriesPerMetric?: number | undefined;
  /**
   * Bucket bounds by histogram name, ascending, without +Inf. They replace the default bounds. Set them before the
   * first call.
   */
  readonly buckets?: Readonly<Record<string, readonly number[]>> | undefined;
  /**
   * Which histograms are native, in addition to their buckets: `true` for all, options such as `{ factor: 1.05 }` for
   * all, or choices by metric name. With names, options or `default` apply to all others. Default: none. It replaces an
   * earlier choice. Set it before the first call.
   *
   * It also applies to the histograms of the application, before their first observation, unless they have the option
   * `nativeHistograms`.
   */
  readonly nativeHistograms?: NativeHistogramsConfiguration | undefined;
  /** Names of metrics that are neither recorded nor exposed. Set them before the first call. */
  readonly exclude?: readonly string[] | undefined;
  /**
   * Names of additional labels of the metrics of requests, nodes, graphs and tools, such as `tenant`. Declare them
   * before the first call. They replace earlier additional labels.
   *
   * Set their values with `withLabels` or with the option `labels` of a decorator. A label without a value is the empty
   * string.
   */
  readonly labels?: readonly string[] | undefined;
  /**
   * Labels with fixed values that every sample has, such as `env`. They can be changed at any time. They replace all
   * earlier constant labels.
   */
  readonly constantLabels?: Readonly<Record<string, string>> | undefined;
  /**
   * Labels to omit, by metric name. Set them before the first call. A list replaces the earlier list of that metric.
   *
   * Series that differ only in these labels become one series, whose values are their sums. Not possible for gauges
   * whose values can't be added, such as `tinyllm_model_loaded`.
   */
  readonly dropLabels?: Readonly<Record<string, readonly string[]>> | undefined;
  /**
   * Whether requests, nodes and tools inside a graph execution have the name and the labels of that graph, unless they
   * have options for them. Default: false. Set it before the first call.
   *
   * It uses `AsyncLocalStorage`. On Node 20 and 22, this makes every `await` of the process slower.
   */
  readonly graphContext?: boolean | undefined;
  /**
   * Whether calls are recorded. Default: true. It can be changed at any time.
   *
   * If false, decorators, function wrappers, integrations and the methods of the collector record nothing, except for
   * states such as that of a circuit breaker. Calls that began before are recorded to their end. Threads that are
   * running are not changed.
   */
  readonly enabled?: boolean | undefined;
}

/** The settings that determine the labels and buckets of instruments. */
export interface InstrumentSettings {
  readonly buckets: Readonly<Record<string, readonly number[]>>;
  readonly labels: readonly string[];
  readonly constantLabels: Readonly<Record<string, string>>;
  readonly dropLabels: Readonly<Record<string, readonly string[]>>;
  readonly graphContext: boolean;
  readonly nativeHistograms: NativeConfiguration;
}
