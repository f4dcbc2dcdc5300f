import type { Metric, MetricObjectWithValues, MetricValue } from 'prom-client-original';
import { MetricsConfigurationError } from '../errors/errors.js';
import type { Descriptor } from './descriptor.js';
import { type Instrument, isInstrument } from './instrument.js';
import { PromClientRegistry } from './prom-client-registry.js';
import { type RenderableMetric, readForText, readValues, registryOf, renderEach } from './render-registry.js';
import { MAX_RECORD_BYTES } from './segment.js';
import type { SegmentChain } from './segment-chain.js';
import { encodeRecord, type StateRecord } from './segment-record.js';

/** A writer of segments with metrics of the registry. */
export interface SegmentOwner {
  readonly memory: SegmentChain;
  /** Called before the segments are read. */
  beforeRead(): void;
}

/**
 * A prom-client registry with access to the facts that prom-client keeps private, and to the segments of TinyLLM's own
 * metrics.
 */
export class SharedRegistry extends PromClientRegistry {
  #defaultLabels: Readonly<Record<string, string>> = {};
  readonly #owners: SegmentOwner[] = [];
  readonly #names = new WeakMap<object, string>();
  #hasForeign = false;
  #onForeignErrors: ((count: number) => void) | undefined;

  /** Labels that every sample has in addition to its own. */
  get defaultLabels(): Readonly<Record<string, string>> {
    return this.#defaultLabels;
  }

  /**
   * Adds the memory of metrics that will be in the registry.
   *
   * @internal
   */
  attach(owner: SegmentOwner): void {
    this.#owners.push(owner);
    owner.memory.publish({ type: 'foreign', present: this.#hasForeign });
  }

  /**
   * Creates the series that were postponed to the first read (see `Meter.onFirstRead`). Then returns the memory of all
   * metrics of the registry.
   *
   * @internal
   */
  readMemory(): readonly SegmentChain[] {
    for (const owner of this.#owners) owner.beforeRead();
    return this.#owners.map(({ memory }) => memory);
  }

  /**
   * Returns the metrics of the application, with the names under which they were registered.
   *
   * @internal
   */
  foreignMetrics(): { readonly name: string; readonly metric: object }[] {
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
    const [foreign, defaultLabels] = [this.foreignMetrics(), this.#defaultLabels];
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
    if (!isInstrument(metric)) this.#publishForeign();
  }

  override removeSingleMetric(name: string): void {
    show(this.getSingleMetric(name), false);
    super.removeSingleMetric(name);
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
    this.#publishDefaultLabels({ ...labels });
  }

  override clear(): void {
    for (const metric of this.getMetricsAsArray()) show(metric, false);
    super.clear();
    this.#publishForeign();
    this.#publishDefaultLabels({});
  }

  #publishForeign(): void {
    const present = this.foreignMetrics().length > 0;
    if (present !== this.#hasForeign) this.#publish({ type: 'foreign', present });
    this.#hasForeign = present;
  }

  #publishDefaultLabels(labels: Readonly<Record<string, string>>): void {
    this.#defaultLabels = labels;
    this.#publish({ type: 'default-labels', labels });
  }

  #publish(record: StateRecord): void {
    for (const { memory } of this.#owners) memory.publish(record);
  }
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

/** The descriptors of TinyLLM's own instruments in a registry. */
export function ownDescriptors(registry: SharedRegistry): Descriptor[] {
  return instrumentsOf(registry).map(({ descriptor }) => descriptor);
}

/** The descriptors of TinyLLM's own instruments in a registry that have series. */
export function recordedDescriptors(registry: SharedRegistry): Descriptor[] {
  return instrumentsOf(registry).flatMap(({ allSeries, descriptor }) => (allSeries.length > 0 ? [descriptor] : []));
}

function instrumentsOf(registry: SharedRegistry): Instrument[] {
  const metrics: unknown[] = registry.getMetricsAsArray();
  return metrics.filter(isInstrument);
}
