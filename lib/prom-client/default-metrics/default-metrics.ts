import type { Aggregator, Registry as OriginalRegistry, RegistryContentType } from 'prom-client-original';
import { Counter } from '../metrics/counter.js';
import { Gauge } from '../metrics/gauge.js';
import { Histogram } from '../metrics/histogram.js';
import { registryOfNewMetrics } from '../registries/default-registry.js';

/** Options of `collectDefaultMetrics`. */
export interface DefaultMetricsOptions {
  /** The registry of the metrics; default `Registry.globalRegistry`. */
  readonly register?: OriginalRegistry<RegistryContentType> | null | undefined;
  /** A text before the name of each metric. */
  readonly prefix?: string | undefined;
  /** Labels of every sample. If a metric has a label with the same name, the value of this option is used. */
  readonly labels?: object | undefined;
  /** The bucket bounds of the garbage collection times, in seconds. */
  readonly gcDurationBuckets?: number[] | undefined;
  /** The resolution of the event loop's delays, in milliseconds; default 10. */
  readonly eventLoopMonitoringPrecision?: number | undefined;
  /** Whether the CPU counters have exemplars with the active trace. Requires a registry in the OpenMetrics format. */
  readonly enableExemplars?: boolean | undefined;
}

/** The parts of a metric's configuration that {@link DefaultMetrics} doesn't add. */
interface DefaultMetric<Collected> {
  readonly name: string;
  readonly help: string;
  /** Labels in addition to those of the options. */
  readonly labelNames?: readonly string[];
  readonly aggregator?: Aggregator;
  readonly collect?: (this: Collected) => void;
}

/** Creates metrics with the registry, the prefix and the labels of the options. */
export class DefaultMetrics {
  readonly options: DefaultMetricsOptions;
  readonly labels: Readonly<Record<string, string | number>>;

  constructor(options: DefaultMetricsOptions) {
    this.options = options;
    this.labels = { ...options.labels };
  }

  gauge(metric: DefaultMetric<Gauge>): Gauge {
    return new Gauge(this.#complete(metric));
  }

  counter(metric: DefaultMetric<Counter>): Counter {
    return new Counter({ ...this.#complete(metric), enableExemplars: this.options.enableExemplars ?? false });
  }

  histogram(metric: DefaultMetric<Histogram>, buckets: number[]): Histogram {
    return new Histogram({ ...this.#complete(metric), buckets });
  }

  #complete<Collected>({ name, labelNames = [], ...others }: DefaultMetric<Collected>) {
    const { register: registry, prefix } = this.options;
    return {
      ...others,
      name: `${prefix || ''}${name}`,
      labelNames: [...labelNames, ...Object.keys(this.labels)],
      registers: [(registry || registryOfNewMetrics()) as OriginalRegistry],
    };
  }
}
