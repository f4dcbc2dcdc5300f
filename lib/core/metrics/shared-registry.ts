import type { Metric, MetricObjectWithValues, MetricValue } from 'prom-client-original';
import { MetricsConfigurationError } from '../errors/errors.js';
import { isCustomMetric, type RegisteredMetric } from './custom/registered-metric.js';
import { isInstrument } from './instrument.js';
import { PromClientRegistry } from './prom-client-registry.js';
import { RegistryMemory, type SegmentOwner } from './registry-memory.js';
import { type RenderableMetric, readForText, readValues, registryOf, renderEach } from './render-registry.js';
import { MAX_RECORD_BYTES } from './segment.js';
import type { SegmentChain } from './segment-chain.js';
import { encodeRecord } from './segment-record.js';

/**
 * A prom-client registry with access to the facts that prom-client keeps private, and to the segments of TinyLLM's own
 * metrics.
 */
export class SharedRegistry extends PromClientRegistry {
  readonly #memory = new RegistryMemory();
  readonly #names = new WeakMap<object, string>();
  #onForeignErrors: ((count: number) => void) | undefined;

  /** Labels that every sample has in addition to its own. */
  get defaultLabels(): Readonly<Record<string, string>> {
    return this.#memory.defaultLabels;
  }

  /**
   * Adds the memory of metrics that will be in the registry.
   *
   * @internal
   */
  attach(owner: SegmentOwner): void {
    this.#memory.attach(owner);
  }

  /**
   * Creates the series that were postponed to the first read (see `Meter.onFirstRead`). Then returns the memory of all
   * metrics of the registry.
   *
   * @internal
   */
  readMemory(): readonly SegmentChain[] {
    return this.#memory.read();
  }

  /**
   * Maximum number of label sets of a metric of the application.
   *
   * @internal
   */
  get maxSeriesPerMetric(): number {
    return this.#memory.maxSeriesPerMetric;
  }

  /**
   * Counts a label set of a metric of the application that got no series of its own.
   *
   * @internal
   */
  countOverflow(metric: string): void {
    this.#memory.countOverflow(metric);
  }

  /**
   * Returns the metrics that are not in the memory of this registry, with the names under which they were registered.
   *
   * @internal
   */
  foreignMetrics(): NamedMetric[] {
    return this.#unsharedMetrics().filter(({ metric }) => !isStoredIn(metric, this));
  }

  /**
   * Returns the metrics in the memory of this registry whose values must be updated before they are read.
   *
   * @internal
   */
  collectedMetrics(): readonly RegisteredMetric[] {
    const metrics: unknown[] = this.getMetricsAsArray();
    return metrics.filter(isCustomMetric).filter((metric) => metric.needsUpdate && metric.isStoredIn(this));
  }

  /** @internal A metric got or lost its `collect`, or has moved to another memory. */
  metricChanged(): void {
    this.#publishForeign();
  }

  /** All metrics that are not instruments of TinyLLM. */
  #unsharedMetrics(): NamedMetric[] {
    // prom-client's registry contains a metric twice if it was renamed and registered again.
    const metrics = new Set(this.getMetricsAsArray().filter((metric) => !isInstrument(metric)));
    return [...metrics].map((metric) => ({ name: this.#safeNameOf(metric), metric }));
  }

  /**
   * Sets a listener for the number of foreign metrics with problems. It is called once per rendering that has any.
   * Scrapes can share a rendering.
   *
   * @internal
   */
  onForeignErrors(listener: (count: number) => void): void {
    this.#onForeignErrors = listener;
  }

  /**
   * Counts foreign metrics that a scrape repaired or omitted.
   *
   * @internal
   */
  countForeignErrors(count: number): void {
    if (count > 0) this.#onForeignErrors?.(count);
  }

  /**
   * Returns the name under which a metric was registered. prom-client's OpenMetrics scrape removes `_total` from its
   * counters.
   *
   * @internal
   */
  nameOf(metric: { readonly name: string }): string {
    return this.#names.get(metric) ?? metric.name;
  }

  /**
   * Renders all metrics in the registry's content type, as prom-client does.
   *
   * Foreign metrics that fail, take longer than 900 ms or return something invalid are repaired or omitted.
   */
  override async metrics(): Promise<string> {
    const isOpenMetrics = this.#isOpenMetrics;
    const texts = await this.#renderEach(readForText, (metric) => {
      const key = metric.name;
      const single = registryOf(metric, this);
      if (isOpenMetrics && metric.type === 'counter') metric.name = key.replace(/_total$/, '');
      return single.getSingleMetricAsString(key);
    });
    return isOpenMetrics ? `${texts.join('\n')}\n# EOF\n` : `${texts.join('\n\n')}\n`;
  }

  /** Returns all metrics with their values, as prom-client does, with the same checks as {@link metrics}. */
  override async getMetricsAsJSON(): Promise<MetricObjectWithValues<MetricValue<string>>[]> {
    const all = await this.#renderEach(readValues, (metric) => registryOf(metric, this).getMetricsAsJSON());
    return all.flat();
  }

  async #renderEach<Rendered>(
    read: (metric: object) => unknown,
    render: (metric: RenderableMetric) => Promise<Rendered>,
  ): Promise<readonly Rendered[]> {
    const metrics = this.getMetricsAsArray();
    const [foreign, defaultLabels] = [this.#unsharedMetrics(), this.defaultLabels];
    const untyped = this.#isOpenMetrics ? 'unknown' : 'untyped';
    const { rendered, errors } = await renderEach({ metrics, foreign, defaultLabels, untyped, read }, render);
    this.countForeignErrors(errors);
    return rendered;
  }

  get #isOpenMetrics(): boolean {
    return (this.contentType as string) === PromClientRegistry.OPENMETRICS_CONTENT_TYPE;
  }

  #safeNameOf(metric: { readonly name: string }): string {
    try {
      return this.nameOf(metric);
    } catch {
      return '';
    }
  }

  override registerMetric<Label extends string>(metric: Metric<Label>): void {
    const { name } = metric as unknown as { readonly name: string };
    super.registerMetric(metric);
    if (Object(metric) === metric && !this.#names.has(metric)) this.#names.set(metric, name);
    show(metric, true);
    if (isCustomMetric(metric)) metric.joined(this, () => this.#memory.forCustomMetrics(), isShared(this));
    if (!isInstrument(metric)) this.#publishForeign();
  }

  override removeSingleMetric(name: string): void {
    const metric: unknown = this.getSingleMetric(name);
    show(metric, false);
    super.removeSingleMetric(name);
    if (isCustomMetric(metric)) metric.left(this);
    this.#publishForeign();
  }

  /**
   * Sets the labels of every sample.
   *
   * @throws {MetricsConfigurationError} if they take more than about 64 KiB.
   */
  override setDefaultLabels(labels: Record<string, string>): void {
    const { length } = encodeRecord({ type: 'default-labels', labels });
    if (length > MAX_RECORD_BYTES) {
      throw new MetricsConfigurationError(
        `The default labels take ${length} bytes as JSON; expected at most ${MAX_RECORD_BYTES}. Shorten their values.`,
      );
    }
    super.setDefaultLabels(labels);
    this.#memory.defaultLabels = { ...labels };
  }

  override clear(): void {
    const metrics: unknown[] = this.getMetricsAsArray();
    for (const metric of metrics) show(metric, false);
    super.clear();
    for (const metric of metrics) if (isCustomMetric(metric)) metric.left(this);
    this.#publishForeign();
    this.#memory.defaultLabels = {};
  }

  #publishForeign(): void {
    this.#memory.needsThread = this.foreignMetrics().length > 0 || this.collectedMetrics().length > 0;
  }
}

/** A metric and the name under which it was registered. */
interface NamedMetric {
  readonly name: string;
  readonly metric: object;
}

function isStoredIn(metric: object, registry: SharedRegistry): boolean {
  return isCustomMetric(metric) && metric.isStoredIn(registry);
}

function isShared(registry: object): boolean {
  return registry === (globalThis as { [SHARED]?: object })[SHARED];
}

function show(metric: unknown, visible: boolean): void {
  if (isInstrument(metric)) metric.show(visible);
}

/** Shared by all copies of the package in this process, on `globalThis`. */
const SHARED = Symbol.for('tinyllm.registry');

/**
 * The registry with all TinyLLM metrics. It is a prom-client `Registry`, shared by all copies of the package in the
 * process. prom-client's default global registry is never changed.
 */
export const registry: SharedRegistry = sharedRegistry();

function sharedRegistry(): SharedRegistry {
  const scope = globalThis as { [SHARED]?: SharedRegistry };
  scope[SHARED] ??= new SharedRegistry();
  return scope[SHARED];
}
