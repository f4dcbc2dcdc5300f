import type {
  MetricObjectWithValues,
  MetricValue,
  OpenMetricsContentType,
  Registry as OriginalRegistry,
  PrometheusContentType,
  RegistryContentType,
} from 'prom-client-original';
import { SharedRegistry } from 'tinyllm/server';

/** A registry of prom-client or of this package. */
export type AnyRegistry = OriginalRegistry<PrometheusContentType> | OriginalRegistry<OpenMetricsContentType>;

/** The parts of a metric that are rendered. */
interface RenderedMetric {
  readonly type?: unknown;
  get(): MetricData | Promise<MetricData>;
}

interface MetricData {
  readonly name: string;
}

/** The type of prom-client's class. Its declaration lacks the constructor's argument and `getMetricsAsString`. */
interface RegistryClass {
  new <ContentType extends RegistryContentType = PrometheusContentType>(
    contentType?: ContentType,
  ): OriginalRegistry<ContentType> & { getMetricsAsString(metric: object): Promise<string> };
  readonly PROMETHEUS_CONTENT_TYPE: PrometheusContentType;
  readonly OPENMETRICS_CONTENT_TYPE: OpenMetricsContentType;
}

const Base = SharedRegistry as unknown as RegistryClass;

/** prom-client's own methods. `SharedRegistry` replaces some of them. */
const original: OriginalRegistry<RegistryContentType> = Object.getPrototypeOf(SharedRegistry.prototype);

/**
 * prom-client's registry for metrics in shared memory.
 *
 * Reading it rejects if a metric fails, as in prom-client. Reading never changes the names of counters.
 */
export class Registry<ContentType extends RegistryContentType = PrometheusContentType> extends Base<ContentType> {
  /** The default registry, which is also exported as `register`. */
  static globalRegistry: Registry;

  /**
   * Creates a registry with the metrics of others.
   *
   * @throws {Error} if two metrics have the same name, or if the content types of the registries differ.
   */
  static merge(registers: readonly OriginalRegistry[]): Registry {
    const { contentType } = registers[0] as OriginalRegistry;
    if (registers.some((one) => one.contentType !== contentType)) {
      throw new Error('Registers can only be merged if they have the same content type');
    }
    const merged = new Registry(contentType);
    for (const one of registers) {
      for (const metric of one.getMetricsAsArray() as unknown[]) merged.registerMetric(metric as never);
    }
    return merged;
  }

  /** Renders all metrics in the registry's content type. */
  override async metrics(): Promise<string> {
    const texts = await Promise.all(this.getMetricsAsArray().map((metric) => this.getMetricsAsString(metric)));
    return this.#isOpenMetrics ? `${texts.join('\n')}\n# EOF\n` : `${texts.join('\n\n')}\n`;
  }

  /** Returns all metrics with their values. */
  override getMetricsAsJSON(): Promise<MetricObjectWithValues<MetricValue<string>>[]> {
    return original.getMetricsAsJSON.call(this);
  }

  /** Renders a metric. In OpenMetrics, a counter's samples have the suffix `_total`, but its header lines don't. */
  override getMetricsAsString(metric: object): Promise<string> {
    const rendered = metric as RenderedMetric | undefined;
    if (!this.#isOpenMetrics || rendered?.type !== 'counter') return super.getMetricsAsString(metric);
    const get = async (): Promise<MetricData> => {
      const data = await rendered.get();
      return { ...data, name: data.name.replace(/_total$/, '') };
    };
    return super.getMetricsAsString({ get });
  }

  /**
   * Sets the labels of every sample. Rendered samples contain the values as text. `getMetricsAsJSON` returns the values
   * that the application passed.
   *
   * @throws {MetricsConfigurationError} if they take more than about 64 KiB.
   */
  override setDefaultLabels(labels: object): void {
    super.setDefaultLabels(labelTexts(labels));
    // `getMetricsAsJSON` reads these labels.
    original.setDefaultLabels.call(this, labels);
  }

  get #isOpenMetrics(): boolean {
    return this.contentType === Registry.OPENMETRICS_CONTENT_TYPE;
  }
}

/** Returns a copy of labels with all values as texts. */
export function labelTexts(labels: object): Record<string, string> {
  return Object.fromEntries(Object.entries(Object(labels)).map(([name, value]) => [name, String(value)]));
}
